package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.model.Labels;
import io.gradwatch.console.routing.config.EscalationStep;
import io.gradwatch.console.routing.config.KindAnswer;
import io.gradwatch.console.routing.config.KindAnswer.Action;
import io.gradwatch.console.routing.config.Route;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.records.AlarmKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is to know of an alarm, by the routes and the answers of a configuration. */
public final class RuleBook {
  private final RouterConfig config;

  /**
   * @param config holds the rules
   */
  public RuleBook(RouterConfig config) {
    this.config = config;
  }

  /** The routes that take an alarm at a moment: the first, and more where it says so. */
  public List<Route> routes(Labels alarm, Instant now) {
    List<Route> taken = new ArrayList<>();
    for (Route route : config.routes()) {
      if (route.takes(alarm, now)) {
        taken.add(route);
        if (!route.continues()) {
          break;
        }
      }
    }
    return taken;
  }

  /**
   * Who is to know of an open alarm, by name of target, and since when.
   *
   * <p>A route names its targets from when it first holds. The steps of its escalation count from
   * then, or from the end of a silence when that is later, and wait for its hours too.
   *
   * @param openedAt when it opened, milliseconds since 1970-01-01 UTC
   * @param silencedUntil when its last silence ends or ended, likewise; 0: there was none
   * @param acknowledged whether somebody looks after it: it is not escalated
   */
  Map<String, Wish> wishes(
      Labels alarm,
      AlarmKind kind,
      long openedAt,
      long silencedUntil,
      boolean acknowledged,
      Instant now) {
    Map<String, Wish> wishes = new LinkedHashMap<>();
    KindAnswer answer = config.answer(kind);
    if (answer.action() == Action.IGNORE) {
      return wishes;
    }
    long told = openedAt + answer.after().toMillis();
    for (Route route : routes(alarm, now)) {
      Wish wish = new Wish(route.firstHeld(told), 0);
      route.to().forEach(target -> wishes.putIfAbsent(target, wish));
      if (!acknowledged) {
        long base = Math.max(wish.dueAt(), silencedUntil);
        escalate(route, base, now.toEpochMilli(), wishes);
      }
    }
    if (answer.action() == Action.ACT && config.actionsTo() != null) {
      wishes.putIfAbsent(config.actionsTo(), new Wish(told, 0));
    }
    return wishes;
  }

  private static void escalate(Route route, long base, long now, Map<String, Wish> wishes) {
    int number = 0;
    for (EscalationStep step : route.escalation()) {
      number++;
      Wish wish = new Wish(route.firstHeld(base + step.after().toMillis()), number);
      for (String target : step.to()) {
        // A step that is not due yet takes nothing away from what is.
        if (wish.dueAt() <= now || !wishes.containsKey(target)) {
          wishes.merge(
              target, wish, (old, due) -> old.dueAt() > now || due.step() > old.step() ? due : old);
        }
      }
    }
  }
}

package io.gradwatch.console.routing.config;

import io.gradwatch.console.model.LabelMatcher;
import io.gradwatch.console.model.Labels;
import java.time.Instant;
import java.util.List;

/**
 * Who is told of some alarms.
 *
 * @param matchers what an alarm must be, all of them; none: any alarm
 * @param during when it holds, any of them; none: always
 * @param to names of targets that are told at once
 * @param escalation who is told later, while nobody acknowledges; ascending in time
 * @param continues whether the routes below are asked too
 */
public record Route(
    List<LabelMatcher> matchers,
    List<TimeWindow> during,
    List<String> to,
    List<EscalationStep> escalation,
    boolean continues) {
  public Route {
    matchers = List.copyOf(matchers);
    during = List.copyOf(during);
    to = List.copyOf(to);
    escalation = List.copyOf(escalation);
  }

  /** Whether it is for an alarm at a moment. */
  public boolean takes(Labels alarm, Instant moment) {
    return matchers.stream().allMatch(matcher -> matcher.matches(alarm))
        && (during.isEmpty() || during.stream().anyMatch(window -> window.holds(moment)));
  }

  /**
   * When it holds first from a moment on, that moment included. Both in milliseconds since
   * 1970-01-01 UTC.
   */
  public long firstHeld(long moment) {
    if (during.isEmpty()) {
      return moment;
    }
    Instant from = Instant.ofEpochMilli(moment);
    return during.stream()
        .map(window -> window.firstHeld(from))
        .min(Instant::compareTo)
        .map(Instant::toEpochMilli)
        .orElse(moment);
  }
}

package io.gradwatch.console.routing.config;

import io.gradwatch.records.AlarmKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a router does.
 *
 * @param links where messages point to
 * @param staleAfter an alarm that was not told and of which nothing was heard for so long is not
 *     told any more
 * @param tags whether owners and tags of runs are known, for which the event topics are read
 * @param targets who can be told, by name
 * @param routes who is told of what, the first that takes an alarm
 * @param answers what is done about some kinds; all others are told
 * @param actionsTo name of the target that what alarms suggest is posted to; null: acting is off
 */
public record RouterConfig(
    Links links,
    Duration staleAfter,
    boolean tags,
    Map<String, TargetConfig> targets,
    List<Route> routes,
    Map<AlarmKind, KindAnswer> answers,
    @Nullable String actionsTo) {

  /**
   * Where messages point to.
   *
   * @param console base URL of the console, without a slash at the end; blank: nowhere
   * @param runbook URL of what to do, in which {@code {kind}} stands for the kind; blank: nowhere
   */
  public record Links(String console, String runbook) {}

  public RouterConfig {
    routes = List.copyOf(routes);
    answers = Map.copyOf(answers);
  }

  /** What is done about alarms of a kind. */
  public KindAnswer answer(AlarmKind kind) {
    return answers.getOrDefault(kind, KindAnswer.PAGE);
  }

  /** Tells nobody anything. */
  public static RouterConfig silent() {
    return new RouterConfig(
        new Links("", ""), Duration.ofHours(6), false, Map.of(), List.of(), Map.of(), null);
  }
}

package io.gradwatch.console.routing;

import io.gradwatch.console.routing.delivery.Pending;
import io.gradwatch.console.routing.delivery.RoutingState;
import io.gradwatch.console.routing.delivery.TargetLane;
import io.gradwatch.console.routing.feed.RouterFeed;
import io.gradwatch.console.routing.notice.Outcome;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What became of alarms, as Prometheus' text. Labels are targets and outcomes, never runs.
 *
 * @param lanes the targets
 * @param state what is still to be told
 * @param feed what is read
 * @param clock the time
 */
record RouterMetrics(List<TargetLane> lanes, RoutingState state, RouterFeed feed, Clock clock) {
  private static final String PREFIX = "gradwatch_router_";
  private static final double MILLIS = 1_000;

  /** All of them in text format 0.0.4. */
  String text() {
    StringBuilder out = new StringBuilder();
    head(out, "requests_total", "counter", "Requests to a target by outcome.");
    for (TargetLane lane : lanes) {
      for (Outcome.Kind kind : Outcome.Kind.values()) {
        out.append(PREFIX)
            .append("requests_total{target=\"")
            .append(lane.target().name())
            .append("\",outcome=\"")
            .append(kind.name().toLowerCase(Locale.ROOT))
            .append("\"} ")
            .append(lane.tally().requests(kind))
            .append('\n');
      }
    }
    perTarget(out, "alarms_told_total", "counter", "Alarms told.", lane -> lane.tally().alarms());
    perTarget(out, "pending_alarms", "gauge", "Alarms not told yet.", lane -> pending(lane).size());
    perTarget(
        out,
        "oldest_pending_seconds",
        "gauge",
        "For how long the first of them is due.",
        this::oldestSeconds);
    perTarget(
        out,
        "last_success_timestamp_seconds",
        "gauge",
        "When a target last took a request; 0: never.",
        lane -> lane.tally().lastSuccessMillis() / MILLIS);
    single(
        out,
        "last_read_timestamp_seconds",
        "gauge",
        "When Kafka last answered what the router reads; 0: never.",
        feed.lastRead().millis() / MILLIS);
    counter(out, "evicted_alarms_total", "Alarms that there was no room for.", state.evicted());
    counter(out, "undecodable_records_total", "Records not read.", feed.undecodable().count());
    return out.toString();
  }

  private List<Pending> pending(TargetLane lane) {
    return state.pending(lane.target(), clock.instant());
  }

  private double oldestSeconds(TargetLane lane) {
    return pending(lane).stream()
        .findFirst()
        .map(pending -> Math.max(0, clock.millis() - pending.since()) / MILLIS)
        .orElse(0.0);
  }

  private void perTarget(
      StringBuilder out,
      String name,
      String type,
      String help,
      ToDoubleFunction<TargetLane> value) {
    head(out, name, type, help);
    for (TargetLane lane : lanes) {
      out.append(PREFIX)
          .append(name)
          .append("{target=\"")
          .append(lane.target().name())
          .append("\"} ")
          .append(value.applyAsDouble(lane))
          .append('\n');
    }
  }

  private static void counter(StringBuilder out, String name, String help, long value) {
    single(out, name, "counter", help, value);
  }

  private static void single(
      StringBuilder out, String name, String type, String help, Number value) {
    head(out, name, type, help);
    out.append(PREFIX).append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
  }
}

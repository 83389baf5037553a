package io.gradwatch.console.server;

import io.gradwatch.console.api.RunState;
import io.gradwatch.console.feed.FeedStatus;
import io.gradwatch.console.model.Fleet;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Whether the console works, for those who run it. */
final class Health {
  private final Fleet fleet;
  private final Supplier<FeedStatus> feed;
  private final Streams streams;

  Health(Fleet fleet, Supplier<FeedStatus> feed, Streams streams) {
    this.fleet = fleet;
    this.feed = feed;
    this.streams = streams;
  }

  /** Answers as long as the process does. */
  void live(Context context) {
    context.result("ok\n");
  }

  /** Ready once what was there at the start has been read, and while Kafka can be read. */
  void ready(Context context) {
    FeedStatus status = feed.get();
    if (status.failure() != null) {
      context.status(503).result(status.failure() + "\n");
    } else if (!status.caughtUp()) {
      context.status(503).result("reads what is there, " + status.records() + " records so far\n");
    } else {
      context.result("ready\n");
    }
  }

  /** Prometheus' text format. */
  void metrics(Context context) {
    FeedStatus status = feed.get();
    StringBuilder out = new StringBuilder();
    gauge(out, "runs", "Runs known, by state.");
    for (Map.Entry<RunState, Integer> count : fleet.counts().entrySet()) {
      out.append("gradwatch_console_runs{state=\"")
          .append(count.getKey().name().toLowerCase(Locale.ROOT))
          .append("\"} ")
          .append(count.getValue())
          .append('\n');
    }
    one(out, "unattended_alarms", "Open alarms that nobody looks after.", fleet.unattended());
    one(out, "open_incidents", "Incidents of the fleet that are open.", fleet.openIncidents());
    one(out, "listeners", "Pages that listen.", streams.listeners());
    one(out, "caught_up", "1 once what was there has been read.", status.caughtUp() ? 1 : 0);
    one(
        out,
        "reading",
        "1 while Kafka, and a registry that records need, can be read.",
        status.failure() == null ? 1 : 0);
    one(out, "lag_records", "Records not yet read; -1: not known.", status.lag());
    counter(out, "records_total", "Records read.", status.records());
    counter(out, "refused_records_total", "Records that could not be read.", status.refused());
    context.contentType("text/plain; version=0.0.4; charset=utf-8").result(out.toString());
  }

  private static void one(StringBuilder out, String name, String help, long value) {
    gauge(out, name, help);
    out.append("gradwatch_console_").append(name).append(' ').append(value).append('\n');
  }

  private static void gauge(StringBuilder out, String name, String help) {
    describe(out, name, help, "gauge");
  }

  private static void counter(StringBuilder out, String name, String help, long value) {
    describe(out, name, help, "counter");
    out.append("gradwatch_console_").append(name).append(' ').append(value).append('\n');
  }

  private static void describe(StringBuilder out, String name, String help, String type) {
    out.append("# HELP gradwatch_console_").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE gradwatch_console_").append(name).append(' ').append(type).append('\n');
  }
}

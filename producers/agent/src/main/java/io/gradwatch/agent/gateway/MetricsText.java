package io.gradwatch.agent.gateway;

import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.PublisherStats;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the gateway counts, in the text format of Prometheus 0.0.4. All projects together and no
 * run: labels of their names would be without bound, and nobody asks for a token here.
 */
final class MetricsText {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PREFIX = "gradwatch_gateway_";

  private final StringBuilder text = new StringBuilder();
  private String family = PREFIX;

  private MetricsText() {}

  /** The gateway as it stands. */
  static Answer of(
      Counts counts, Collection<Intake> intakes, long bodyBytes, boolean tokenFileValid) {
    MetricsText metrics = new MetricsText();
    metrics.counter("requests_taken_total", "Requests whose rows were taken.");
    metrics.value("", counts.requestsTaken());
    metrics.counter("requests_refused_total", "Requests that were refused, by reason.");
    for (Refusal refusal : Refusal.values()) {
      metrics.value("{reason=\"" + refusal.reason() + "\"}", counts.refusals(refusal));
    }
    metrics.counter("rows_taken_total", "Rows of the requests that were taken.");
    metrics.value("", counts.rowsTaken());
    metrics.ofPublishers(intakes.stream().map(Intake::stats).toList());
    metrics.gauge("projects", "Projects that sent something.");
    metrics.value("", intakes.size());
    metrics.gauge("projects_stuck", "Projects whose events Kafka does not take.");
    metrics.value("", intakes.stream().filter(intake -> !intake.delivers()).count());
    metrics.gauge("runs_known", "Runs that are remembered.");
    metrics.value("", intakes.stream().mapToLong(Intake::knownRuns).sum());
    metrics.gauge("body_bytes", "Bytes taken by bodies that are being read.");
    metrics.value("", bodyBytes);
    metrics.gauge("token_file_valid", "0 while the file of tokens cannot be read again.");
    metrics.value("", tokenFileValid ? 1 : 0);
    return new Answer(
        200, CONTENT_TYPE, metrics.text.toString().getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private void ofPublishers(List<PublisherStats> stats) {
    counter("events_accepted_total", "Events put into the queue.");
    value("", sum(stats, PublisherStats::accepted));
    counter("events_published_total", "Events that Kafka acknowledged.");
    value("", sum(stats, PublisherStats::published));
    counter("events_failed_total", "Events that Kafka refused, or did not acknowledge in time.");
    value("", sum(stats, PublisherStats::failed));
    counter("events_dropped_total", "Events that were not handed to Kafka, by cause.");
    for (DropCause cause : DropCause.values()) {
      value(
          "{cause=\"" + cause.name().toLowerCase(Locale.ROOT) + "\"}",
          sum(stats, s -> s.dropped(cause)));
    }
    gauge("queue_events", "Events that wait in the queue.");
    value("", sum(stats, PublisherStats::queued));
  }

  private static long sum(List<PublisherStats> stats, ToLongFunction<PublisherStats> part) {
    return stats.stream().mapToLong(part).sum();
  }

  private void counter(String name, String help) {
    begin(name, help, "counter");
  }

  private void gauge(String name, String help) {
    begin(name, help, "gauge");
  }

  private void begin(String name, String help, String type) {
    family = PREFIX + name;
    text.append("# HELP ").append(family).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(family).append(' ').append(type).append('\n');
  }

  private void value(String labels, long value) {
    text.append(family).append(labels).append(' ').append(value).append('\n');
  }
}

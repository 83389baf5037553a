package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.records.AlarmState;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a job that watches two runs, one of which diverges. */
class MetricsIT {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "flink_taskmanager_job_task_operator_(\\w+)\\{([^}]*)} (\\S+)", Pattern.MULTILINE);

  /** Operators that have metrics of ours. */
  private static final Pattern OPERATORS = Pattern.compile("(decode|monitor|fleet|dead.letters).*");

  /** What Flink and Kafka's clients tell of every operator. */
  private static final Pattern THEIRS =
      Pattern.compile("(num|current|watermark|Kafka).*|.*Committables");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private KafkaCluster kafka;
  private JobOnKafka job;
  private @Nullable JobClient client;

  /** A number that Prometheus reads. */
  private record Sample(String name, Map<String, String> labels, double value) {}

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
    job = new JobOnKafka(kafka, folder);
    job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
  }

  @AfterEach
  void stop() throws Exception {
    if (client != null) {
      JobOnKafka.cancel(client); // else it meets the metrics of the test behind
    }
    kafka.close();
  }

  @Test
  void tellWhatWasReadRefusedFoundAndAdvised() throws Exception {
    List<Samples.Sent> events = new ArrayList<>(Samples.explodingRun("run", 400));
    Samples.Sent repeated = events.get(300);
    Outputs expected = Outputs.straight(events);
    events.add(events.size() - 1, repeated);
    events.add(new Samples.Sent("garbage", "no event".getBytes(UTF_8)));
    int port = Ports.free();
    client = GradwatchJob.start(job.options(), reporting(port));
    job.send(events);

    int advice = expected.count(Topics.recommendations(Topics.DEFAULT_PROJECT));
    double alarms = opened(expected).values().stream().mapToDouble(Long::doubleValue).sum();
    List<Sample> samples =
        await(
            port,
            found ->
                sum(found, "eventsDecoded", Map.of()) == events.size() - 1
                    && sum(found, "reason_deadLetters", Map.of()) == 1
                    && sum(found, "adviceChanges", Map.of()) == advice
                    && sum(found, "alarmLatencyMillis_count", Map.of()) >= alarms
                    && sum(found, "kind_severity_alarmsOpened", Map.of()) >= alarms
                    && sum(found, "eventsRepeated", Map.of()) == 1);
    assertThat(sum(samples, "reason_deadLetters", Map.of("reason", "UNKNOWN_FRAMING")))
        .isEqualTo(1);
    assertThat(sum(samples, "eventsOfOldAttempts", Map.of())).isZero();
    opened(expected)
        .forEach(
            (labels, count) ->
                assertThat(sum(samples, "kind_severity_alarmsOpened", labels))
                    .as("%s", labels)
                    .isEqualTo(count.doubleValue()));
    assertThat(sum(samples, "alarmLatencyMillis_count", Map.of())).isEqualTo(alarms);
    assertThat(samples)
        .allSatisfy(
            sample -> assertThat(sample.labels()).doesNotContainKeys("run", "run_id", "layer"))
        .allSatisfy(sample -> assertThat(sample.labels()).doesNotContainValue("garbage"));
  }

  @Test
  void standInTheReadmeEachAndNoOther() throws Exception {
    int port = Ports.free();
    client =
        GradwatchJob.start(
            job.options(JobOptions.DEAD_LETTER_FAILURE.name(), "COUNT"), reporting(port));
    job.send(Samples.explodingRun("run", 400));
    job.send(List.of(new Samples.Sent("garbage", "no event".getBytes(UTF_8))));
    List<Sample> samples =
        await(
            port,
            found ->
                sum(found, "eventsDecoded", Map.of()) > 400
                    && sum(found, "reason_deadLetters", Map.of()) > 0
                    && sum(found, "kind_severity_alarmsOpened", Map.of()) > 0);

    Set<String> told =
        samples.stream()
            .filter(
                sample ->
                    OPERATORS.matcher(sample.labels().getOrDefault("operator_name", "")).matches())
            .map(sample -> sample.name().replaceFirst("_count$", ""))
            .filter(THEIRS.asMatchPredicate().negate())
            .map(name -> name.substring(name.lastIndexOf('_') + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(told).containsExactlyInAnyOrderElementsOf(documented());
  }

  private static Set<String> documented() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf("\n## Metrics\n");
    assertThat(begin).isPositive();
    String section = readme.substring(begin, readme.indexOf("\n## ", begin + 1));
    return Pattern.compile("^\\| `(\\w+)`", Pattern.MULTILINE)
        .matcher(section)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Openings by their labels. */
  private static Map<Map<String, String>, Long> opened(Outputs outputs) {
    Map<Map<String, String>, Long> opened =
        outputs.alarms().stream()
            .filter(alarm -> alarm.getState() == AlarmState.OPEN)
            .map(
                alarm ->
                    Map.of("kind", alarm.getKind().name(), "severity", alarm.getSeverity().name()))
            .collect(Collectors.groupingBy(labels -> labels, Collectors.counting()));
    assertThat(opened).isNotEmpty();
    return opened;
  }

  private Configuration reporting(int port) {
    Configuration flink = job.flink(2);
    flink.setString(
        "metrics.reporter.prom.factory.class", PrometheusReporterFactory.class.getName());
    flink.setString("metrics.reporter.prom.port", String.valueOf(port));
    return flink;
  }

  private static double sum(List<Sample> samples, String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static List<Sample> await(int port, Predicate<List<Sample>> condition) {
    AtomicReference<List<Sample>> last = new AtomicReference<>(List.of());
    try {
      Await.until(
          "the metrics to tell all that is awaited",
          () -> {
            last.set(samplesOf(port));
            return condition.test(last.get());
          });
    } catch (IllegalStateException e) {
      throw new AssertionError(last.get().toString(), e);
    }
    return last.get();
  }

  private static List<Sample> samplesOf(int port) {
    URI address = URI.create("http://127.0.0.1:" + port + "/metrics");
    try {
      String text =
          HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
      return SAMPLE.matcher(text).results().map(MetricsIT::sample).toList();
    } catch (IOException e) {
      return List.of(); // the reporter has not begun yet
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Sample sample(MatchResult match) {
    Map<String, String> labels =
        Pattern.compile("(\\w+)=\"([^\"]*)\"")
            .matcher(match.group(2))
            .results()
            .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
    return new Sample(match.group(1), labels, Double.parseDouble(match.group(3)));
  }
}

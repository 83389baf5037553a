package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies on a real Kafka: the job publishes the bytes that the backtest computes under them. */
class PoliciesIT {
  private static final int STEPS = 400;
  private static final List<String> RUNS = List.of("a", "b", "c", "d");
  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);

  private static final List<Samples.Sent> GROWING =
      inTurn(RUNS.stream().map(run -> Samples.explodingRun(run, STEPS)).toList());
  private static final List<Samples.Sent> LOST =
      inTurn(
          RUNS.stream()
              .map(run -> IntStream.range(0, STEPS).mapToObj(step -> lost(run, step)).toList())
              .toList());

  /** Growth warns where it would page, runs of the name a do not tell it, and b pages after all. */
  private static final List<PolicyDocument> HISTORY =
      List.of(
          PolicyDocument.ofFleet(growth(Severity.INFO)),
          Policies.ofProject(time(100), growth(Severity.WARNING)),
          run("a", 0, Settings.NONE.with(AlarmKind.EXPLODING_GRADIENT, false)),
          run("b", time(300), growth(Severity.CRITICAL)),
          Policies.ofProject(time(330), growth(Severity.CRITICAL)));

  @TempDir private Path folder;
  private KafkaCluster kafka;
  private JobOnKafka job;

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
    job = new JobOnKafka(kafka, folder);
    job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aReplayUnderAHistoryOfPoliciesIsTheBacktestAtParallelism(int parallelism) throws Exception {
    HISTORY.forEach(document -> publish(document, Policies.value(document)));
    job.send(GROWING);
    Outputs expected = Outputs.straight(GROWING, PolicyBook.of(HISTORY));
    assertThat(expected.differences(ALARMS, Outputs.straight(GROWING))).hasSameSizeAs(RUNS);
    JobClient client = GradwatchJob.start(job.options(), job.flink(parallelism));
    awaitStatistics(expected.count(STATISTICS));
    stop(client);

    assertPublished(expected);
  }

  @Test
  void aPolicyPublishedWhileRunsAreUnderWayHoldsFromItsEventOnAndWhatIsNoneIsRefused()
      throws Exception {
    PolicyDocument deaf = PolicyDocument.ofFleet(Policies.DEAF);
    PolicyDocument alert = PolicyDocument.ofFleet(Policies.ALERT).at(time(300));
    PolicyBook book = PolicyBook.of(List.of(deaf, alert));
    byte[] unsound =
        Policies.value(
            PolicyDocument.ofFleet(
                Settings.NONE.with(AlarmKind.NON_FINITE, "persistence", Double.NaN)));
    byte[] unknown =
        Policies.value(
            PolicyDocument.ofFleet(Settings.NONE.with(AlarmKind.NON_FINITE, "persistance", 1.0)));
    byte[] another = Policies.value(Policies.ofProject(0, Policies.ALERT));
    Outputs expected = Outputs.straight(LOST, book);
    assertThat(Outputs.straight(before(300), book).count(ALARMS))
        .as("alarms before its event")
        .isZero();
    assertThat(Outputs.straight(before(301), book).of(ALARMS))
        .as("alarms with its event")
        .containsOnlyKeys(RUNS);

    publish(deaf, Policies.value(deaf));
    InMemoryReporter metrics = InMemoryReporter.create();
    Configuration flink = metrics.addToConfiguration(job.flink(2));
    JobClient first = GradwatchJob.start(job.options(), flink);
    job.send(before(280));
    awaitStatistics(1);
    publish(deaf, unsound);
    publish(deaf, unknown);
    publish(deaf, another);
    publish(deaf, "growth: off".getBytes(UTF_8));
    publish(alert, Policies.value(alert));
    awaitGauge(metrics, first.getJobID(), "policyVersion", 5L);
    assertThat(refused(metrics, first.getJobID())).isEqualTo(4);
    assertThat(counted(metrics, first.getJobID(), "policiesLate")).isZero();
    awaitGauge(metrics, first.getJobID(), "policies", 1);
    job.send(LOST.subList(before(280).size(), before(350).size()));
    awaitStatistics(expected.count(STATISTICS) / 2);
    String savepoint = stop(first);
    Configuration again = job.flink(4);
    again.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    JobClient second = GradwatchJob.start(job.options(), again);
    job.send(LOST.subList(before(350).size(), LOST.size()));
    awaitStatistics(expected.count(STATISTICS));
    stop(second);

    assertPublished(expected);
    List<ConsumerRecord<byte[], byte[]>> letters =
        kafka.readAll(Topics.DEAD_LETTERS, IsolationLevel.READ_COMMITTED);
    assertThat(letters)
        .extracting(letter -> header(letter, DeadLetters.REASON))
        .containsExactlyInAnyOrder(
            "INVALID_POLICY", "INVALID_POLICY", "WRONG_KEY", "UNKNOWN_FRAMING");
    assertThat(letters)
        .allSatisfy(letter -> assertThat(letter.key()).isEqualTo(Policies.key(deaf)))
        .extracting(letter -> header(letter, DeadLetters.OFFSET))
        .containsExactlyInAnyOrder("1", "2", "3", "4");
  }

  @Test
  void aTopicThatComesLaterIsReadThen() throws Exception {
    String topic = "policies-to-try";
    InMemoryReporter metrics = InMemoryReporter.create();
    JobClient client =
        GradwatchJob.start(
            job.options(
                "gradwatch.policy-topic", topic, JobOptions.DISCOVERY_INTERVAL.name(), "2 s"),
            metrics.addToConfiguration(job.flink(2)));
    job.send(before(10));
    awaitGauge(metrics, client.getJobID(), "policyVersion", -1L);
    kafka.createTopic(topic, 1);
    PolicyDocument document = HISTORY.get(0);
    kafka.send(
        List.of(new ProducerRecord<>(topic, Policies.key(document), Policies.value(document))));
    awaitGauge(metrics, client.getJobID(), "policyVersion", 0L);
    JobOnKafka.cancel(client);
  }

  private static Settings growth(Severity severity) {
    return Settings.NONE.with(AlarmKind.EXPLODING_GRADIENT, severity);
  }

  private static PolicyDocument run(String run, long effectiveAt, Settings settings) {
    return new PolicyDocument(
        PolicyScope.RUN, Topics.DEFAULT_PROJECT + "/" + run, effectiveAt, settings);
  }

  /** When a step was emitted. */
  private static long time(int step) {
    return Samples.decoded(Topics.DEFAULT_PROJECT, lost("r", step)).emittedAt();
  }

  private static Samples.Sent lost(String run, int step) {
    return Samples.event(run, step, StepCompleted.newBuilder().setLoss(Double.NaN).build());
  }

  /** Runs that are lost from the start, before a step. */
  private static List<Samples.Sent> before(int step) {
    return LOST.subList(0, step * RUNS.size());
  }

  private static List<Samples.Sent> inTurn(List<List<Samples.Sent>> runs) {
    return IntStream.range(0, runs.get(0).size())
        .boxed()
        .flatMap(i -> runs.stream().map(run -> run.get(i)))
        .toList();
  }

  private void publish(PolicyDocument document, byte[] value) {
    kafka.send(List.of(new ProducerRecord<>(Topics.POLICIES, Policies.key(document), value)));
  }

  private void awaitStatistics(int count) {
    assertThat(
            kafka.readUntil(
                STATISTICS, IsolationLevel.READ_COMMITTED, records -> records.size() >= count))
        .isNotEmpty();
  }

  private static void awaitGauge(InMemoryReporter metrics, JobID job, String name, Object value) {
    Await.until(
        "%s of every task to be %s".formatted(name, value),
        () -> {
          List<Metric> found = found(metrics, job, name);
          return found.size() >= 2
              && found.stream().allMatch(metric -> value.equals(((Gauge<?>) metric).getValue()));
        });
  }

  private static long counted(InMemoryReporter metrics, JobID job, String name) {
    return found(metrics, job, name).stream()
        .mapToLong(metric -> ((Counter) metric).getCount())
        .sum();
  }

  /** Refused policies, of all reasons and tasks. */
  private static long refused(InMemoryReporter metrics, JobID job) {
    return metrics.findMetrics(job, "deadLetters").entrySet().stream()
        .filter(found -> found.getKey().contains("monitor"))
        .mapToLong(found -> ((Counter) found.getValue()).getCount())
        .sum();
  }

  /** One of each task. */
  private static List<Metric> found(InMemoryReporter metrics, JobID job, String name) {
    return metrics.findOperatorMetricGroups(job, "monitor").stream()
        .map(group -> metrics.getMetricsByGroup(group).get(name))
        .filter(Objects::nonNull)
        .toList();
  }

  private String stop(JobClient client) throws Exception {
    return client
        .stopWithSavepoint(
            false, folder.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
        .get();
  }

  /** Nothing failed and nothing was replayed, so nothing is there twice. */
  private void assertPublished(Outputs expected) {
    Outputs published = Outputs.published(kafka, JobOnKafka.OUTPUTS);
    for (String topic : JobOnKafka.OUTPUTS) {
      assertThat(published.differences(topic, expected)).isEmpty();
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}

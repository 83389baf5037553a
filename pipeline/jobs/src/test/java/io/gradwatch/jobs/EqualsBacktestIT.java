package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.jobs.kafka.KafkaEnds;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For the bundled recorded runs and one that goes back, repeats and resumes, the job on a real
 * Kafka publishes the bytes that the backtest computes: per run, in order, none missing and none
 * more.
 */
class EqualsBacktestIT {
  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final String RECOMMENDATIONS = Topics.recommendations(Topics.DEFAULT_PROJECT);
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);

  private static List<Samples.Sent> events;
  private static Outputs expected;

  @TempDir private Path folder;
  private KafkaCluster kafka;
  private JobOnKafka job;

  @BeforeAll
  static void computeWhatIsExpected() throws Exception {
    events = Samples.fleet();
    expected = Outputs.backtest();
    for (String topic : JobOnKafka.OUTPUTS) {
      assertThat(expected.count(topic)).as(topic).isPositive();
    }
  }

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
  @ValueSource(ints = {1, 4})
  void inOneGoAtParallelism(int parallelism) throws Exception {
    job.send(events);
    JobOptions options = job.options();
    StreamExecutionEnvironment env = GradwatchJob.environment(options, job.flink(parallelism));
    KafkaEnds ends = new KafkaEnds(options);
    GradwatchPipeline.define(
        env,
        new GradwatchPipeline.Sources(
            ends.eventsBuilder().setBounded(OffsetsInitializer.latest()).build(),
            ends.policiesBuilder().setBounded(OffsetsInitializer.latest()).build(),
            ends.policyLog()),
        new GradwatchPipeline.Sinks(
            ends.alarms(),
            ends.recommendations(),
            ends.statistics(),
            ends.deadLetters(),
            ends.incidents()),
        Samples.LIMITS,
        WireFormat.SINGLE_OBJECT);
    env.execute();

    Outputs published = Outputs.published(kafka, JobOnKafka.OUTPUTS);
    for (String topic : JobOnKafka.OUTPUTS) {
      assertThat(published.differences(topic, expected)).isEmpty();
    }
    assertThat(kafka.readAll(Topics.DEAD_LETTERS, IsolationLevel.READ_COMMITTED)).isEmpty();
  }

  @Test
  void stoppedInTheMiddleWithASavepointAndRestoredAtAnotherParallelism() throws Exception {
    int middle = events.size() / 2;
    job.send(events.subList(0, middle));
    JobClient first = GradwatchJob.start(job.options(), job.flink(4));
    awaitStatistics(1);
    String savepoint = stop(first);
    job.send(events.subList(middle, events.size()));
    JobClient second = GradwatchJob.start(job.options(), restoredFrom(savepoint, job.flink(1)));
    awaitStatistics(expected.count(STATISTICS));
    stop(second);

    assertPublishedIsExpected();
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void cancelledInTheMiddleAndRestoredFromItsLastCheckpointAtAnotherParallelism(Backend backend)
      throws Exception {
    int quarter = events.size() / 4;
    job.send(events.subList(0, quarter));
    JobClient first = GradwatchJob.start(job.options(), backend.in(job.flink(1)));
    awaitStatistics(1); // committed: a checkpoint is complete
    job.send(events.subList(quarter, 3 * quarter));
    awaitStatistics(expected.count(STATISTICS) / 3);
    JobOnKafka.cancel(first);
    job.send(events.subList(3 * quarter, events.size()));
    JobClient second =
        GradwatchJob.start(
            job.options(), restoredFrom(job.newestCheckpoint(), backend.in(job.flink(4))));
    awaitStatistics(expected.count(STATISTICS));
    stop(second);

    assertPublishedIsExpected();
  }

  /** Statistics are there once; of the others some may be there again. */
  private void assertPublishedIsExpected() {
    Outputs published = Outputs.published(kafka, JobOnKafka.OUTPUTS);
    assertThat(published.differences(STATISTICS, expected)).isEmpty();
    for (String atLeastOnce : List.of(ALARMS, RECOMMENDATIONS)) {
      assertThat(published.distinct().differences(atLeastOnce, expected.distinct())).isEmpty();
      assertThat(published.count(atLeastOnce)).isGreaterThanOrEqualTo(expected.count(atLeastOnce));
    }
  }

  private void awaitStatistics(int count) {
    assertThat(
            kafka.readUntil(
                STATISTICS, IsolationLevel.READ_COMMITTED, records -> records.size() >= count))
        .isNotEmpty();
  }

  /** Stops a job with a savepoint, which writes everything out. */
  private String stop(JobClient client) throws Exception {
    return client
        .stopWithSavepoint(
            false, folder.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
        .get();
  }

  private static Configuration restoredFrom(String snapshot, Configuration flink) {
    flink.set(StateRecoveryOptions.SAVEPOINT_PATH, snapshot);
    return flink;
  }
}

package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job whose dead letters cannot be written. */
class UnwritableDeadLettersIT {
  private static final String FAILURE = JobOptions.DEAD_LETTER_FAILURE.name();
  private static final int STEPS = 200;
  private static final int GARBAGE = 7;
  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", STEPS);
  private static final RecordCodec<RunStatistics> STATISTICS = RecordCodec.of(RunStatistics.class);

  @TempDir private Path folder;
  private final InMemoryReporter metrics = InMemoryReporter.create();
  private KafkaCluster kafka;
  private JobOnKafka job;

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
    job = new JobOnKafka(kafka, folder);
    job.createTopics(Topics.specs(Topics.DEFAULT_PROJECT));
    job.createTopics(
        Topics.sharedSpecs().stream()
            .filter(spec -> spec.name().equals(Topics.INCIDENTS))
            .toList());
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void theJobFailsAndGoesOnFromItsCheckpointOnceItIsToldToCount() throws Exception {
    TopicSpec spec = Topics.sharedSpecs().get(0);
    kafka.createTopics(
        List.of(
            new NewTopic(spec.name(), 1, (short) 1).configs(Map.of("max.message.bytes", "100"))));
    int half = RUN.size() / 2;
    job.send(RUN.subList(0, half));
    JobClient first = GradwatchJob.start(job.options(), job.flink(1));
    awaitSteps(50); // committed: a checkpoint is complete
    sendGarbage();
    // Where closing the sink meets the refusal as well, that hides the cause from the result.
    assertThat(first.getJobExecutionResult())
        .failsWithin(KafkaCluster.PATIENCE)
        .withThrowableThat()
        .havingRootCause()
        .satisfies(
            cause ->
                assertThat(cause.toString())
                    .containsAnyOf(
                        RecordTooLargeException.class.getName(), "TaskExecutor is shutting down"));

    job.send(RUN.subList(half, RUN.size()));
    Configuration flink = metrics.addToConfiguration(job.flink(1));
    flink.set(StateRecoveryOptions.SAVEPOINT_PATH, job.newestCheckpoint());
    JobClient second = GradwatchJob.start(job.options(FAILURE, "COUNT"), flink);
    awaitSteps(STEPS);
    assertThat(lost(second)).isEqualTo(GARBAGE);
    JobOnKafka.cancel(second);
  }

  @Test
  void withoutTheirTopicAJobThatCountsGoesOn() throws Exception {
    sendGarbage();
    job.send(RUN);
    JobClient client =
        GradwatchJob.start(
            job.options(FAILURE, "COUNT", JobOptions.CREATE_TOPICS.name(), "false"),
            metrics.addToConfiguration(job.flink(1)));
    awaitSteps(STEPS);
    assertThat(lost(client)).isEqualTo(GARBAGE);
    assertThat(client.getJobStatus().get(1, TimeUnit.MINUTES)).isEqualTo(JobStatus.RUNNING);
    JobOnKafka.cancel(client);
  }

  private void sendGarbage() {
    List<Samples.Sent> garbage = new ArrayList<>();
    for (int i = 0; i < GARBAGE; i++) {
      garbage.add(new Samples.Sent("run", ("garbage " + i).getBytes(UTF_8)));
    }
    job.send(garbage);
  }

  /** Waits until statistics tell so many steps, committed with the checkpoint that counted. */
  private void awaitSteps(int steps) {
    assertThat(
            kafka.readUntil(
                Topics.statistics(Topics.DEFAULT_PROJECT),
                IsolationLevel.READ_COMMITTED,
                records -> records.stream().anyMatch(record -> stepsSeen(record.value()) >= steps)))
        .isNotEmpty();
  }

  private static long stepsSeen(byte[] value) {
    try {
      return STATISTICS.decode(value).getStepsSeen();
    } catch (RecordFormatException e) {
      throw new AssertionError(e);
    }
  }

  private long lost(JobClient client) {
    Map<String, Metric> found = metrics.findMetrics(client.getJobID(), "deadLettersLost");
    return found.values().stream().mapToLong(metric -> ((Counter) metric).getCount()).sum();
  }
}

package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What tests of the job on a real Kafka share: its options, its topics, its events. */
final class JobOnKafka {
  /** Topics of what is published for the default project. */
  static final List<String> OUTPUTS =
      List.of(
          Topics.alarms(Topics.DEFAULT_PROJECT),
          Topics.recommendations(Topics.DEFAULT_PROJECT),
          Topics.statistics(Topics.DEFAULT_PROJECT));

  private final KafkaCluster kafka;
  private final Path folder;

  /**
   * A job.
   *
   * @param folder where its checkpoints go
   */
  JobOnKafka(KafkaCluster kafka, Path folder) {
    this.kafka = kafka;
    this.folder = folder;
  }

  /** Options that make a job quick to commit, and give it time for all else. */
  JobOptions options(String... nameAndValue) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(JobOptions.BOOTSTRAP_SERVERS.name(), kafka.bootstrapServers());
    // Longer than any broker takes to tell where new partitions begin: the source takes them for
    // new once more meanwhile, and reads them twice.
    values.put(JobOptions.DISCOVERY_INTERVAL.name(), "10 min");
    values.put(JobOptions.CHECKPOINT_INTERVAL.name(), "200 ms");
    for (int i = 0; i < nameAndValue.length; i += 2) {
      values.put(nameAndValue[i], nameAndValue[i + 1]);
    }
    return JobOptions.of(values);
  }

  /**
   * Settings under which a failure ends the job: one that still runs has never restarted. A cluster
   * whose parts are slow to answer each other is no failure.
   */
  Configuration flink(int parallelism) {
    Configuration flink = new Configuration();
    flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    flink.set(RpcOptions.ASK_TIMEOUT_DURATION, KafkaCluster.PATIENCE);
    flink.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, KafkaCluster.PATIENCE);
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    return Backend.ofThisBuild().in(flink);
  }

  /** Creates topics as {@code topics create} does. */
  void createTopics(List<TopicSpec> specs) {
    kafka.createTopics(specs.stream().map(JobOnKafka::newTopic).toList());
  }

  private static NewTopic newTopic(TopicSpec spec) {
    return new NewTopic(spec.name(), spec.partitions(), (short) 1).configs(spec.configs());
  }

  /** Sends events keyed by run; Kafka's partitioner places them. */
  void send(List<Samples.Sent> events) {
    long now = Instant.now().toEpochMilli();
    kafka.send(
        IntStream.range(0, events.size())
            .mapToObj(
                i ->
                    new ProducerRecord<>(
                        Samples.EVENTS,
                        null,
                        now + i / 1000,
                        RecordEncoder.key(events.get(i).runId()),
                        events.get(i).value()))
            .toList());
  }

  /**
   * Cancels a job that has not failed so far, and returns when it is gone: Kafka may go after it.
   */
  static void cancel(JobClient client) throws Exception {
    assertThat(client.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
    CompletableFuture<?> gone = client.getJobExecutionResult();
    client.cancel().get();
    assertThat(gone).failsWithin(KafkaCluster.PATIENCE);
  }

  /** The newest checkpoint that a cancelled job has left. */
  String newestCheckpoint() {
    return RetainedCheckpoints.newest(folder).orElseThrow();
  }
}

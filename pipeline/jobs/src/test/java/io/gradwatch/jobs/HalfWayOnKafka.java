package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;

/** A job on a Kafka of its own that is stopped half way. */
final class HalfWayOnKafka {
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);

  private final KafkaCluster kafka;
  private final Path folder;
  private final HalfWay fleet;
  private final JobOnKafka job;

  HalfWayOnKafka(KafkaCluster kafka, Path folder, HalfWay fleet) {
    this.kafka = kafka;
    this.folder = folder;
    this.fleet = fleet;
    job = new JobOnKafka(kafka, folder);
    job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
  }

  /**
   * Takes a savepoint half way, when all that was sent has been read and written.
   *
   * @return its folder, in which there is one file
   */
  Path save(Backend backend) throws Exception {
    sendPolicies();
    JobClient client = GradwatchJob.start(job.options(), backend.in(settings(1)));
    job.send(fleet.before());
    int statistics = Outputs.straight(fleet.before(), fleet.book()).count(STATISTICS);
    await(STATISTICS, records -> records.size() >= statistics);
    await(Topics.INCIDENTS, records -> !records.isEmpty());
    String savepoint =
        client
            .stopWithSavepoint(
                false,
                folder.resolve("savepoints").toUri().toString(),
                SavepointFormatType.CANONICAL)
            .get();
    return Path.of(URI.create(savepoint));
  }

  private void sendPolicies() {
    kafka.send(
        fleet.policies().stream()
            .map(policy -> new ProducerRecord<>(Topics.POLICIES, policy.key(), policy.value()))
            .toList());
  }

  /** With state that lies in the one file of a savepoint. */
  private Configuration settings(int parallelism) {
    Configuration flink = job.flink(parallelism);
    flink.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
    return flink;
  }

  private void await(String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    assertThat(enough.test(kafka.readUntil(topic, IsolationLevel.READ_COMMITTED, enough)))
        .as(topic)
        .isTrue();
  }
}

package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;

/** A job on a Kafka of its own that is stopped half way. */
final class HalfWayOnKafka {
  private static final int PARTITIONS = 4;
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
    job.createTopics(
        Topics.allSpecs(Topics.DEFAULT_PROJECT).stream().map(HalfWayOnKafka::asEver).toList());
  }

  /** A savepoint holds offsets of partitions, so there are as many events in each as ever. */
  private static TopicSpec asEver(TopicSpec spec) {
    return spec.name().equals(Samples.EVENTS)
        ? new TopicSpec(spec.name(), PARTITIONS, spec.cleanup(), spec.retention(), spec.key())
        : spec;
  }

  /**
   * Takes a savepoint half way, when all that was sent has been read and written.
   *
   * @param patience how long to wait for the run that falls silent, after a minute; 0: it may not
   *     have
   * @return its folder, in which there is one file
   */
  Path save(Backend backend, Duration patience) throws Exception {
    kafka.send(
        fleet.policies().stream()
            .map(policy -> new ProducerRecord<>(Topics.POLICIES, policy.key(), policy.value()))
            .toList());
    JobClient client = GradwatchJob.start(job.options(), backend.in(settings(1)));
    job.send(fleet.before());
    awaitStatistics(Outputs.straight(fleet.before(), fleet.book()));
    awaitIncident();
    awaitSilence(patience);
    return stop(client);
  }

  /**
   * Restores a savepoint on a Kafka that has only the offsets in common with the one on which it
   * was taken, sends the rest and returns when all that is expected has been published.
   */
  void restore(Path savepoint, Backend backend, int parallelism, Outputs expected)
      throws Exception {
    JobClient client = startFrom(savepoint, backend, parallelism);
    job.send(fleet.after());
    awaitStatistics(expected);
    awaitIncident();
    stop(client);
  }

  /** Starts a job from a savepoint, with what it had read in place. */
  JobClient startFrom(Path savepoint, Backend backend, int parallelism) throws Exception {
    job.send(fleet.before());
    // As if compacted away: of the policies is known what the state holds.
    kafka.send(
        fleet.policies().stream()
            .map(policy -> new ProducerRecord<>(Topics.POLICIES, new byte[1], new byte[1]))
            .toList());
    Configuration flink = backend.in(settings(parallelism));
    flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
    return GradwatchJob.start(job.options(), flink);
  }

  private Path stop(JobClient client) throws Exception {
    String target = folder.resolve("savepoints").toUri().toString();
    return Path.of(
        URI.create(client.stopWithSavepoint(false, target, SavepointFormatType.CANONICAL).get()));
  }

  /** With state that lies in the one file of a savepoint. */
  private Configuration settings(int parallelism) {
    Configuration flink = job.flink(parallelism);
    flink.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
    return flink;
  }

  private void awaitStatistics(Outputs expected) {
    int count = expected.count(STATISTICS);
    await(STATISTICS, records -> records.size() >= count);
  }

  private void awaitIncident() {
    await(Topics.INCIDENTS, records -> !incidents(records).isEmpty());
  }

  /** What was published so far of the incident of the host. */
  List<FleetIncident> incidents() {
    return incidents(kafka.readAll(Topics.INCIDENTS, IsolationLevel.READ_COMMITTED));
  }

  private static List<FleetIncident> incidents(
      List<? extends ConsumerRecord<byte[], byte[]>> records) {
    RecordCodec<FleetIncident> codec = RecordCodec.of(FleetIncident.class);
    List<FleetIncident> ofTheHost = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        FleetIncident incident = codec.decode(record.value());
        if (incident.getTagValue().equals(HalfWay.HOST)) {
          ofTheHost.add(incident);
        }
      } catch (RecordFormatException e) {
        throw new AssertionError("no incident", e);
      }
    }
    return ofTheHost;
  }

  private void await(String topic, Predicate<? super List<ConsumerRecord<byte[], byte[]>>> enough) {
    assertThat(kafka.readUntil(topic, IsolationLevel.READ_COMMITTED, enough::test)).isNotEmpty();
  }

  private void awaitSilence(Duration patience) {
    if (!patience.isZero()) {
      Await.until(
          "a run to fall silent",
          patience,
          () ->
              published().alarms().stream()
                  .anyMatch(alarm -> alarm.getKind() == AlarmKind.SILENCE));
    }
  }

  /** What was published so far. */
  Outputs published() {
    return Outputs.published(kafka, JobOnKafka.OUTPUTS);
  }
}

package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.IncidentMember;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Incidents of many runs on a real Kafka. */
class IncidentsIT {
  private static final int STEPS = 400;
  private static final int GROWS_FROM = 200;
  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);

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

  @Test
  void runsOfAHostThatExplodeAreOneIncidentThroughSavepointsAndTheHostBesideItHasNone()
      throws Exception {
    JobClient client = GradwatchJob.start(job.options(), job.flink(2));
    for (String run : List.of("a", "b", "c")) {
      job.send(sick(run).subList(0, GROWS_FROM));
    }
    for (String run : List.of("x", "y", "z")) {
      job.send(Samples.run(run, STEPS, STEPS, Map.of("host", "well")));
    }
    await(STATISTICS, "a", "b", "c", "x", "y", "z");
    job.send(rest("a"));
    job.send(rest("b"));
    await(ALARMS, "a", "b");
    client = restart(client, 4);
    job.send(rest("c"));
    List<FleetIncident> opened = incidents(1);

    client = restart(client, 1);
    for (String run : List.of("d", "e", "f")) {
      job.send(sick(run));
    }
    List<FleetIncident> grown = incidents(2);
    JobOnKafka.cancel(client);

    FleetIncident incident = opened.get(0);
    assertThat(incident.getState()).isEqualTo(AlarmState.OPEN);
    assertThat(incident.getTag()).isEqualTo("host");
    assertThat(incident.getTagValue()).isEqualTo("sick");
    assertThat(incident.getRunsWatched()).isEqualTo(3);
    assertThat(incident.getMembers())
        .extracting(IncidentMember::getRunId)
        .containsExactly("a", "b", "c");
    assertThat(incident.getSummary()).startsWith("3 of 3 runs of host sick page");
    FleetIncident later = grown.get(1);
    assertThat(later.getIncidentId()).isEqualTo(incident.getIncidentId());
    assertThat(later.getState()).isEqualTo(AlarmState.UPDATED);
    assertThat(later.getRevision()).isEqualTo(1);
    assertThat(later.getMembers())
        .extracting(IncidentMember::getRunId)
        .containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(grown).extracting(FleetIncident::getTagValue).containsOnly("sick");
  }

  /** A run that goes on after its norms have exploded. */
  private static List<Samples.Sent> sick(String run) {
    return Samples.run(run, STEPS, GROWS_FROM, Map.of("host", "sick")).subList(0, STEPS);
  }

  private static List<Samples.Sent> rest(String run) {
    return sick(run).subList(GROWS_FROM, STEPS);
  }

  private JobClient restart(JobClient client, int parallelism) throws Exception {
    String savepoint =
        client
            .stopWithSavepoint(
                false, folder.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
            .get();
    assertThat(kafka.readAll(Topics.INCIDENTS, IsolationLevel.READ_COMMITTED))
        .hasSizeLessThanOrEqualTo(1);
    Configuration flink = job.flink(parallelism);
    flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    return GradwatchJob.start(job.options(), flink);
  }

  private void await(String topic, String... runs) {
    List<String> wanted = List.of(runs);
    assertThat(
            kafka.readUntil(
                topic, IsolationLevel.READ_COMMITTED, records -> runs(records).containsAll(wanted)))
        .isNotEmpty();
  }

  private static List<String> runs(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(record -> new String(record.key(), java.nio.charset.StandardCharsets.UTF_8))
        .distinct()
        .toList();
  }

  private List<FleetIncident> incidents(int count) throws RecordFormatException {
    RecordCodec<FleetIncident> codec = RecordCodec.of(FleetIncident.class);
    List<FleetIncident> incidents = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readUntil(
            Topics.INCIDENTS, IsolationLevel.READ_COMMITTED, records -> records.size() >= count)) {
      FleetIncident incident = codec.decode(record.value());
      assertThat(record.key()).isEqualTo(RecordEncoder.key(incident.getIncidentId()));
      incidents.add(incident);
    }
    return incidents;
  }
}

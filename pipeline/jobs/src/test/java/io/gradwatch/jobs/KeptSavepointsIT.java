package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.jobs.types.RunStateSerializer;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.IncidentMember;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This build goes on from the savepoints of others, on a real Kafka. What it publishes from there
 * on is what the core says to all events from the first, by this build: no clock decides it.
 */
class KeptSavepointsIT {
  private static final int LATER_VERSION = RunState.VERSION + 1_000;

  @TempDir private Path folder;
  private KafkaCluster kafka;

  static Stream<Arguments> savepointsInEveryBackend() {
    return KeptSavepoint.all().stream()
        .flatMap(
            kept ->
                Stream.of(
                    Arguments.of(kept, Backend.HASHMAP, 2),
                    Arguments.of(kept, Backend.ROCKSDB, 1)));
  }

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @ParameterizedTest
  @MethodSource("savepointsInEveryBackend")
  void goesOnAsIfItHadNeverStopped(KeptSavepoint kept, Backend backend, int parallelism)
      throws Exception {
    HalfWay fleet = kept.fleet();
    Outputs expected =
        Outputs.straight(fleet.events(), fleet.book())
            .after(Outputs.straight(fleet.before(), fleet.book()));
    HalfWayOnKafka job = new HalfWayOnKafka(kafka, folder, fleet);
    job.restore(kept.folder(), backend, parallelism, expected);

    Outputs published = job.published();
    Outputs byTheCore = published.without(AlarmKind.SILENCE);
    for (String topic : JobOnKafka.OUTPUTS) {
      assertThat(expected.of(topic)).as(topic).isNotEmpty();
      assertThat(byTheCore.differences(topic, expected)).isEmpty();
    }
    assertThat(published.alarms())
        .filteredOn(alarm -> alarm.getKind() == AlarmKind.SILENCE)
        .singleElement()
        .satisfies(KeptSavepointsIT::isTheEndOfTheSilence);
    assertThat(job.incidents().get(0)).satisfies(KeptSavepointsIT::hasGrown);
  }

  private static void isTheEndOfTheSilence(DivergenceAlarm alarm) {
    assertThat(alarm.getRunId()).isEqualTo(HalfWay.SILENT);
    assertThat(alarm.getState()).isEqualTo(AlarmState.RESOLVED);
    assertThat(alarm.getRevision()).isPositive();
  }

  private static void hasGrown(FleetIncident incident) {
    assertThat(incident.getState()).isEqualTo(AlarmState.UPDATED);
    assertThat(incident.getRevision()).isPositive();
    assertThat(incident.getMembers())
        .extracting(IncidentMember::getRunId)
        .containsAll(HalfWay.SICK)
        .containsAll(HalfWay.SICK_LATER);
  }

  @Test
  void aStateOfANewerBuildStopsTheJobWithWhatToDo() throws Exception {
    KeptSavepoint newest = KeptSavepoint.all().get(KeptSavepoint.all().size() - 1);
    Path later = Files.createDirectory(folder.resolve("later"));
    Files.write(later.resolve("_metadata"), ofALaterBuild(newest.state()));
    JobClient client =
        new HalfWayOnKafka(kafka, folder, newest.fleet()).startFrom(later, Backend.HASHMAP, 1);

    assertThatThrownBy(() -> client.getJobExecutionResult().get())
        .hasStackTraceContaining(
            "The state of a run in this savepoint or checkpoint was written as version "
                + LATER_VERSION)
        .hasStackTraceContaining("Start the build that wrote it, or a newer one");
  }

  /** The same with a later version for the states of runs. */
  private static byte[] ofALaterBuild(byte[] state) {
    String name = RunStateSerializer.Snapshot.class.getName();
    String bytes = new String(state, StandardCharsets.ISO_8859_1);
    int at = bytes.indexOf(name) + name.length();
    assertThat(at).isGreaterThan(name.length());
    int versionAt = at + Integer.BYTES; // behind the version of the snapshot
    ByteBuffer buffer = ByteBuffer.wrap(state);
    assertThat(buffer.getInt(versionAt)).isEqualTo(RunState.VERSION);
    return buffer.putInt(versionAt, LATER_VERSION).array();
  }

  @Test
  void everyFileThatIsKeptIsRead() throws IOException {
    Set<Path> read = new HashSet<>(Set.of(KeptSavepoint.ALL.resolve(FrozenNames.NAME)));
    KeptSavepoint.all().stream().flatMap(KeptSavepoint::files).forEach(read::add);
    try (Stream<Path> files = Files.walk(KeptSavepoint.ALL)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactlyInAnyOrderElementsOf(read);
    }
  }
}

package io.gradwatch.jobs.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.monitor.RunState;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a build says to states of other builds. */
class VersionSnapshotTest {
  private static final int FORM = 1;

  static Stream<TypeInformation<?>> states() {
    return Stream.of(
        JobTypes.STATE, JobTypes.REPORTING, JobTypes.STANDING, JobTypes.FLEET, JobTypes.POLICY);
  }

  static IntStream versionsSoFar() {
    return IntStream.rangeClosed(1, RunState.VERSION);
  }

  @ParameterizedTest
  @MethodSource("versionsSoFar")
  void readsStatesOfItsOwnVersionAndOfOlderOnes(int version) throws IOException {
    RunStateSerializer.Snapshot old = new RunStateSerializer.Snapshot();
    read(old, FORM, version);
    RunStateSerializer.Snapshot now = new RunStateSerializer.Snapshot();

    assertThat(now.resolveSchemaCompatibility(old).isCompatibleAsIs()).isTrue();
    assertThat(old.restoreSerializer()).isInstanceOf(RunStateSerializer.class);
  }

  @Test
  void refusesAStateOfANewerVersionAndSaysWhatToDo() {
    assertThatThrownBy(() -> read(new RunStateSerializer.Snapshot(), FORM, RunState.VERSION + 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The state of a run in this savepoint or checkpoint was written as version %d, this"
                + " build of Gradwatch reads versions 1 to %d. Start the build that wrote it, or a"
                + " newer one; to go back to this build, start it from a savepoint of its own.",
            RunState.VERSION + 1, RunState.VERSION);
  }

  @ParameterizedTest
  @MethodSource("states")
  void everyStateRefusesWhatItCannotKnow(TypeInformation<?> type) throws IOException {
    TypeSerializerSnapshot<?> snapshot = snapshot(type);
    assertThat(snapshot).isInstanceOf(VersionSnapshot.class);
    int version = version(snapshot);
    assertThatThrownBy(() -> read(snapshot, FORM, version + 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(snapshot, FORM + 1, version)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(snapshot, FORM, 0)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @MethodSource("states")
  void everyStateTellsItsVersionInACheckpoint(TypeInformation<?> type) throws IOException {
    TypeSerializerSnapshot<?> snapshot = snapshot(type);
    int version = version(snapshot);
    read(snapshot, FORM, version);

    assertThat(version(snapshot)).isEqualTo(version).isPositive();
    assertThat(snapshot.getCurrentVersion()).isEqualTo(FORM);
  }

  private static TypeSerializerSnapshot<?> snapshot(TypeInformation<?> type) {
    return type.createSerializer(new SerializerConfigImpl()).snapshotConfiguration();
  }

  /** What the snapshot writes. */
  private static int version(TypeSerializerSnapshot<?> snapshot) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(4);
    snapshot.writeSnapshot(out);
    return new DataInputDeserializer(out.getCopyOfBuffer()).readInt();
  }

  /** Reads what a checkpoint of another build holds. */
  private static void read(TypeSerializerSnapshot<?> snapshot, int form, int version)
      throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(4);
    out.writeInt(version);
    snapshot.readSnapshot(
        form,
        new DataInputDeserializer(out.getCopyOfBuffer()),
        VersionSnapshotTest.class.getClassLoader());
  }
}

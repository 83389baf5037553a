package io.gradwatch.jobs;

import static java.util.stream.Collectors.joining;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** What a savepoint in a folder says of the states that it holds. */
final class SavepointContents {
  private static final ClassLoader LOADER = SavepointContents.class.getClassLoader();

  private SavepointContents() {}

  /**
   * A line for each state: the uid of its operator, what kind of state it is, its name, and the
   * classes that wrote its parts.
   */
  static List<String> states(Path savepoint) throws IOException {
    SortedSet<String> lines = new TreeSet<>();
    try (InputStream file = Files.newInputStream(savepoint.resolve("_metadata"))) {
      Collection<OperatorState> operators =
          Checkpoints.loadCheckpointMetadata(
                  new DataInputStream(file), LOADER, savepoint.toUri().toString())
              .getOperatorStates();
      for (OperatorState operator : operators) {
        String uid = operator.getOperatorUid().orElse("an operator without a uid");
        for (OperatorSubtaskState task : operator.getStates()) {
          for (StateObject handle : task.getManagedKeyedState()) {
            KeyedBackendSerializationProxy<?> states = ofKeys(handle);
            lines.add("%s: KEYS[] %s".formatted(uid, nameOf(states.getKeySerializerSnapshot())));
            states.getStateMetaInfoSnapshots().forEach(state -> lines.add(line(uid, state)));
          }
          for (StateObject handle : task.getManagedOperatorState()) {
            ofTasks(handle).forEach(state -> lines.add(line(uid, state)));
          }
        }
      }
    }
    return List.copyOf(lines);
  }

  private static KeyedBackendSerializationProxy<?> ofKeys(StateObject handle) throws IOException {
    KeyedBackendSerializationProxy<Object> states = new KeyedBackendSerializationProxy<>(LOADER);
    read(handle, states::read);
    return states;
  }

  private static List<StateMetaInfoSnapshot> ofTasks(StateObject handle) throws IOException {
    OperatorBackendSerializationProxy states = new OperatorBackendSerializationProxy(LOADER);
    read(handle, states::read);
    List<StateMetaInfoSnapshot> all = new ArrayList<>(states.getOperatorStateMetaInfoSnapshots());
    all.addAll(states.getBroadcastStateMetaInfoSnapshots());
    return all;
  }

  /** Reads the beginning of a state. */
  private interface Reader {
    void read(DataInputView in) throws IOException;
  }

  private static void read(StateObject handle, Reader reader) throws IOException {
    try (FSDataInputStream in = ((StreamStateHandle) handle).openInputStream()) {
      reader.read(new DataInputViewStreamWrapper(in));
    }
  }

  private static String line(String uid, StateMetaInfoSnapshot state) {
    String parts =
        new TreeMap<>(state.getSerializerSnapshotsImmutable())
            .entrySet().stream()
                .map(part -> part.getKey().replace("_SERIALIZER", "=") + nameOf(part.getValue()))
                .collect(joining(" "));
    return "%s: %s%s %s %s"
        .formatted(
            uid,
            state.getBackendStateType(),
            new TreeMap<>(state.getOptionsImmutable()).values(),
            state.getName(),
            parts);
  }

  private static String nameOf(TypeSerializerSnapshot<?> snapshot) {
    return snapshot.getClass().getName();
  }
}

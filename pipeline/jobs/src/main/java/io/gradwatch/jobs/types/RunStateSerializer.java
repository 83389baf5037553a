package io.gradwatch.jobs.types;

import io.gradwatch.core.monitor.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Bytes of a {@link RunState}: its own binary form, which begins with its version, so that states
 * of several versions may lie side by side.
 */
public final class RunStateSerializer extends TypeSerializerSingleton<RunState> {

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public RunState createInstance() {
    return new RunState();
  }

  @Override
  public RunState copy(RunState from) {
    return from.copy();
  }

  @Override
  public RunState copy(RunState from, RunState reuse) {
    return from.copy();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(RunState state, DataOutputView target) throws IOException {
    try {
      state.write(target);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public RunState deserialize(DataInputView source) throws IOException {
    try {
      return RunState.read(source);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public RunState deserialize(RunState reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<RunState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Remembers in a checkpoint by which version of the state it was written. */
  public static final class Snapshot implements TypeSerializerSnapshot<RunState> {
    private static final int VERSION = 1;

    private int stateVersion = RunState.VERSION;

    @Override
    public int getCurrentVersion() {
      return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
      out.writeInt(stateVersion);
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
        throws IOException {
      stateVersion = in.readInt();
    }

    @Override
    public RunStateSerializer restoreSerializer() {
      return new RunStateSerializer();
    }

    /** A build reads the states of its own version and of those before it, never of a newer one. */
    @Override
    public TypeSerializerSchemaCompatibility<RunState> resolveSchemaCompatibility(
        TypeSerializerSnapshot<RunState> old) {
      return old instanceof Snapshot before && before.stateVersion <= stateVersion
          ? TypeSerializerSchemaCompatibility.compatibleAsIs()
          : TypeSerializerSchemaCompatibility.incompatible();
    }
  }
}

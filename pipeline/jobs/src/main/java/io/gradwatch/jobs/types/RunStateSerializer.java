package io.gradwatch.jobs.types;

import io.gradwatch.core.monitor.RunState;
import java.io.DataInput;
import java.io.DataOutput;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Bytes of a {@link RunState}. */
public final class RunStateSerializer extends StateSerializer<RunState> {
  @Override
  public RunState createInstance() {
    return new RunState();
  }

  @Override
  public RunState copy(RunState from) {
    return from.copy();
  }

  @Override
  void write(RunState state, DataOutput out) {
    state.write(out);
  }

  @Override
  RunState read(DataInput in) {
    return RunState.read(in);
  }

  @Override
  public TypeSerializerSnapshot<RunState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends VersionSnapshot<RunState> {
    public Snapshot() {
      super("state of a run", RunState.VERSION);
    }

    @Override
    public RunStateSerializer restoreSerializer() {
      return new RunStateSerializer();
    }
  }
}

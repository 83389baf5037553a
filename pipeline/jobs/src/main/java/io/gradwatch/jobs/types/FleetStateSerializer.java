package io.gradwatch.jobs.types;

import io.gradwatch.core.fleet.FleetState;
import java.io.DataInput;
import java.io.DataOutput;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Bytes of a {@link FleetState}. */
public final class FleetStateSerializer extends StateSerializer<FleetState> {
  @Override
  public FleetState createInstance() {
    return new FleetState();
  }

  @Override
  public FleetState copy(FleetState from) {
    return from.copy();
  }

  @Override
  void write(FleetState state, DataOutput out) {
    state.write(out);
  }

  @Override
  FleetState read(DataInput in) {
    return FleetState.read(in);
  }

  @Override
  public TypeSerializerSnapshot<FleetState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends VersionSnapshot<FleetState> {
    public Snapshot() {
      super("state of a cluster", FleetState.VERSION);
    }

    @Override
    public FleetStateSerializer restoreSerializer() {
      return new FleetStateSerializer();
    }
  }
}

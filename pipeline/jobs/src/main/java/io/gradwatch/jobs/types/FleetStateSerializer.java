package io.gradwatch.jobs.types;

import io.gradwatch.core.fleet.FleetState;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Bytes of a {@link FleetState}: its own binary form, which begins with its version. */
public final class FleetStateSerializer extends TypeSerializerSingleton<FleetState> {

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public FleetState createInstance() {
    return new FleetState();
  }

  @Override
  public FleetState copy(FleetState from) {
    return from.copy();
  }

  @Override
  public FleetState copy(FleetState from, FleetState reuse) {
    return from.copy();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(FleetState state, DataOutputView target) throws IOException {
    try {
      state.write(target);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public FleetState deserialize(DataInputView source) throws IOException {
    try {
      return FleetState.read(source);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public FleetState deserialize(FleetState reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<FleetState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<FleetState> {
    public Snapshot() {
      super(FleetStateSerializer::new);
    }
  }
}

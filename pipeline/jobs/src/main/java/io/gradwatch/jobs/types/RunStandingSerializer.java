package io.gradwatch.jobs.types;

import io.gradwatch.core.fleet.RunStanding;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Bytes of a {@link RunStanding}: its own binary form, which begins with its version. */
public final class RunStandingSerializer extends TypeSerializerSingleton<RunStanding> {

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public RunStanding createInstance() {
    return new RunStanding();
  }

  @Override
  public RunStanding copy(RunStanding from) {
    return from.copy();
  }

  @Override
  public RunStanding copy(RunStanding from, RunStanding reuse) {
    return from.copy();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(RunStanding state, DataOutputView target) throws IOException {
    try {
      state.write(target);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public RunStanding deserialize(DataInputView source) throws IOException {
    try {
      return RunStanding.read(source);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public RunStanding deserialize(RunStanding reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<RunStanding> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RunStanding> {
    public Snapshot() {
      super(RunStandingSerializer::new);
    }
  }
}

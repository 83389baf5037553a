package io.gradwatch.jobs.types;

import io.gradwatch.core.fleet.RunStanding;
import java.io.DataInput;
import java.io.DataOutput;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Bytes of a {@link RunStanding}. */
public final class RunStandingSerializer extends StateSerializer<RunStanding> {
  @Override
  public RunStanding createInstance() {
    return new RunStanding();
  }

  @Override
  public RunStanding copy(RunStanding from) {
    return from.copy();
  }

  @Override
  void write(RunStanding state, DataOutput out) {
    state.write(out);
  }

  @Override
  RunStanding read(DataInput in) {
    return RunStanding.read(in);
  }

  @Override
  public TypeSerializerSnapshot<RunStanding> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends VersionSnapshot<RunStanding> {
    public Snapshot() {
      super("standing of a run", RunStanding.VERSION);
    }

    @Override
    public RunStandingSerializer restoreSerializer() {
      return new RunStandingSerializer();
    }
  }
}

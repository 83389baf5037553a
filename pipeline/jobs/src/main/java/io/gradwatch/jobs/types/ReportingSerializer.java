package io.gradwatch.jobs.types;

import io.gradwatch.core.silence.Reporting;
import java.io.DataInput;
import java.io.DataOutput;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Bytes of a {@link Reporting}. */
public final class ReportingSerializer extends StateSerializer<Reporting> {
  private static final int USUAL_BYTES = 160;

  @Override
  public Reporting createInstance() {
    return new Reporting();
  }

  @Override
  public Reporting copy(Reporting from) {
    DataOutputSerializer bytes = new DataOutputSerializer(USUAL_BYTES);
    from.write(bytes);
    return Reporting.read(new DataInputDeserializer(bytes.wrapAsByteBuffer()));
  }

  @Override
  void write(Reporting state, DataOutput out) {
    state.write(out);
  }

  @Override
  Reporting read(DataInput in) {
    return Reporting.read(in);
  }

  @Override
  public TypeSerializerSnapshot<Reporting> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends VersionSnapshot<Reporting> {
    public Snapshot() {
      super("reporting of a run", Reporting.VERSION);
    }

    @Override
    public ReportingSerializer restoreSerializer() {
      return new ReportingSerializer();
    }
  }
}

package io.gradwatch.jobs.types;

import io.gradwatch.jobs.records.ProducedRecord;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Bytes of a {@link ProducedRecord}. */
public final class ProducedRecordSerializer extends ImmutableSerializer<ProducedRecord> {

  @Override
  public ProducedRecord createInstance() {
    return new ProducedRecord("", null, null, List.of());
  }

  @Override
  public void serialize(ProducedRecord record, DataOutputView target) throws IOException {
    StringValue.writeString(record.topic(), target);
    RecordParts.writeBytes(record.key(), target);
    RecordParts.writeBytes(record.value(), target);
    RecordParts.writeHeaders(record.headers(), target);
  }

  @Override
  public ProducedRecord deserialize(DataInputView source) throws IOException {
    return new ProducedRecord(
        StringValue.readString(source),
        RecordParts.readBytes(source),
        RecordParts.readBytes(source),
        RecordParts.readHeaders(source));
  }

  @Override
  public TypeSerializerSnapshot<ProducedRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ProducedRecord> {
    public Snapshot() {
      super(ProducedRecordSerializer::new);
    }
  }
}

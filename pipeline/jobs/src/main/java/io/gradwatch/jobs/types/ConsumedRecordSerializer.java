package io.gradwatch.jobs.types;

import io.gradwatch.jobs.records.ConsumedRecord;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Bytes of a {@link ConsumedRecord}. */
public final class ConsumedRecordSerializer extends ImmutableSerializer<ConsumedRecord> {

  @Override
  public ConsumedRecord createInstance() {
    return new ConsumedRecord("", 0, 0, null, null, List.of());
  }

  @Override
  public void serialize(ConsumedRecord record, DataOutputView target) throws IOException {
    StringValue.writeString(record.topic(), target);
    target.writeInt(record.partition());
    target.writeLong(record.offset());
    RecordParts.writeBytes(record.key(), target);
    RecordParts.writeBytes(record.value(), target);
    RecordParts.writeHeaders(record.headers(), target);
  }

  @Override
  public ConsumedRecord deserialize(DataInputView source) throws IOException {
    return new ConsumedRecord(
        StringValue.readString(source),
        source.readInt(),
        source.readLong(),
        RecordParts.readBytes(source),
        RecordParts.readBytes(source),
        RecordParts.readHeaders(source));
  }

  @Override
  public TypeSerializerSnapshot<ConsumedRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ConsumedRecord> {
    public Snapshot() {
      super(ConsumedRecordSerializer::new);
    }
  }
}

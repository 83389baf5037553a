package io.gradwatch.jobs.types;

import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class ConsumedRecordSerializerTest extends SerializerTestBase<ConsumedRecord> {

  ConsumedRecordSerializerTest() {
    super(SameBytes.of(ConsumedRecord.class, new ConsumedRecordSerializer()));
  }

  @Override
  protected TypeSerializer<ConsumedRecord> createSerializer() {
    return new ConsumedRecordSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<ConsumedRecord> getTypeClass() {
    return ConsumedRecord.class;
  }

  @Override
  protected ConsumedRecord[] getTestData() {
    return new ConsumedRecord[] {
      new ConsumedRecord("t", 3, 1L << 40, null, null, List.of()),
      new ConsumedRecord("t", 3, 1L << 40, new byte[0], new byte[] {-1, 0, 1}, List.of()),
      new ConsumedRecord(
          "t",
          3,
          1L << 40,
          new byte[] {7},
          new byte[70_000],
          List.of(
              new RecordHeader("trace", new byte[] {1}),
              new RecordHeader("trace", null),
              new RecordHeader("", new byte[0])))
    };
  }
}

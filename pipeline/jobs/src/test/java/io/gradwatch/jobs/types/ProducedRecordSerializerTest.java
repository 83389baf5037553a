package io.gradwatch.jobs.types;

import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class ProducedRecordSerializerTest extends SerializerTestBase<ProducedRecord> {

  ProducedRecordSerializerTest() {
    super(SameBytes.of(ProducedRecord.class, new ProducedRecordSerializer()));
  }

  @Override
  protected TypeSerializer<ProducedRecord> createSerializer() {
    return new ProducedRecordSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<ProducedRecord> getTypeClass() {
    return ProducedRecord.class;
  }

  @Override
  protected ProducedRecord[] getTestData() {
    return new ProducedRecord[] {
      new ProducedRecord("t", null, null, List.of()),
      new ProducedRecord("t", new byte[0], new byte[] {-1, 0, 1}, List.of()),
      new ProducedRecord(
          "t",
          new byte[] {7},
          new byte[70_000],
          List.of(
              new RecordHeader("trace", new byte[] {1}),
              new RecordHeader("trace", null),
              new RecordHeader("", new byte[0])))
    };
  }
}

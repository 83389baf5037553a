package io.gradwatch.jobs.kafka;

import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import io.gradwatch.jobs.types.JobTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Takes records from Kafka as they are; nothing in them can fail here. */
final class RawRecordReader implements KafkaRecordDeserializationSchema<ConsumedRecord> {

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ConsumedRecord> out) {
    out.collect(consumed(record));
  }

  static ConsumedRecord consumed(ConsumerRecord<byte[], byte[]> record) {
    return new ConsumedRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        record.value(),
        headers(record));
  }

  private static List<RecordHeader> headers(ConsumerRecord<byte[], byte[]> record) {
    Header[] headers = record.headers().toArray();
    if (headers.length == 0) {
      return List.of();
    }
    List<RecordHeader> copies = new ArrayList<>(headers.length);
    for (Header header : headers) {
      copies.add(new RecordHeader(header.key(), header.value()));
    }
    return copies;
  }

  @Override
  public TypeInformation<ConsumedRecord> getProducedType() {
    return JobTypes.CONSUMED;
  }
}

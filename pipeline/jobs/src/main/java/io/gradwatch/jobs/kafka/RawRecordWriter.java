package io.gradwatch.jobs.kafka;

import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Hands records to Kafka as they are, with the timestamp of the record that caused them: so that
 * topics expire with the events they speak of, and no clock of the pipeline is in them.
 */
final class RawRecordWriter implements KafkaRecordSerializationSchema<ProducedRecord> {

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      ProducedRecord record, KafkaSinkContext context, @Nullable Long timestamp) {
    return toKafka(record, timestamp);
  }

  static ProducerRecord<byte[], byte[]> toKafka(ProducedRecord record, @Nullable Long timestamp) {
    RecordHeaders headers = new RecordHeaders();
    for (RecordHeader header : record.headers()) {
      headers.add(header.name(), header.value());
    }
    @Nullable Long known = timestamp == null || timestamp < 0 ? null : timestamp;
    return new ProducerRecord<>(record.topic(), null, known, record.key(), record.value(), headers);
  }
}

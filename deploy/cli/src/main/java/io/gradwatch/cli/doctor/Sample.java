package io.gradwatch.cli.doctor;

import io.gradwatch.cli.kafka.Feed;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.KnownSchemas;
import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.EventDecoder;
import io.gradwatch.wire.UndecodableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What is of interest of one record of an event topic.
 *
 * @param place partition and offset, for a person
 * @param run the run, of a refused record the key
 * @param writer the schema that wrote it, in words
 * @param timestampMillis the record's time, in milliseconds since 1970
 * @param brokersTime true when that is the broker's clock, false when the trainer's
 * @param emittedAtMillis the trainer's clock in the event; 0 when it was refused
 * @param refused why it is no event; null when it is one
 * @param message the same in a sentence
 */
record Sample(
    String place,
    String run,
    String writer,
    long timestampMillis,
    boolean brokersTime,
    long emittedAtMillis,
    UndecodableException.@Nullable Reason refused,
    String message) {

  /** Turns records into samples. */
  static final class Taker {
    private final EventDecoder decoder;
    private final KnownSchemas known = KnownSchemas.of(TrainingEvent.class);

    Taker(@Nullable SchemaRegistry registry) {
      decoder = new EventDecoder(registry);
    }

    /** Empty for a removal of a run, which is no event. */
    Optional<Sample> take(ConsumerRecord<byte[], byte[]> record) {
      String place = record.partition() + ":" + record.offset();
      String writer = writer(record.value());
      boolean brokersTime = record.timestampType() == TimestampType.LOG_APPEND_TIME;
      try {
        RunEvent event = event(record);
        if (event.body() instanceof RunEvent.Removed) {
          return Optional.empty();
        }
        return Optional.of(
            new Sample(
                place,
                event.runId(),
                writer,
                record.timestamp(),
                brokersTime,
                event.emittedAt(),
                null,
                ""));
      } catch (UndecodableException e) {
        String key = Feed.key(record);
        return Optional.of(
            new Sample(
                place,
                key == null ? "" : key,
                writer,
                record.timestamp(),
                brokersTime,
                0,
                e.reason(),
                String.valueOf(e.getMessage())));
      }
    }

    /** As the job takes it. */
    private RunEvent event(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
      String project = Topics.project(record.topic());
      List<String> headers = Arrays.stream(record.headers().toArray()).map(Header::key).toList();
      return RunRemoval.isRemoval(record.value(), headers)
          ? EventDecoder.removal(project, record.key(), record.timestamp())
          : decoder.decode(project, record.value());
    }

    /** The version of the known list, or the fingerprint, or the id. */
    private String writer(byte @Nullable [] value) {
      Framing framing = value == null ? null : Framing.of(value);
      if (value == null || framing == null || value.length < framing.headerBytes()) {
        return "none named";
      }
      if (framing == Framing.CONFLUENT) {
        return "id " + ByteBuffer.wrap(value).getInt(1) + " of a registry";
      }
      long fingerprint = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
      List<Schema> versions = known.versions();
      for (int i = 0; i < versions.size(); i++) {
        if (KnownSchemas.fingerprint(versions.get(i)) == fingerprint) {
          return "v" + (i + 1);
        }
      }
      return "fingerprint %016x".formatted(fingerprint);
    }
  }
}

package io.gradwatch.producer;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What tests of publishing share. */
final class Publishing {
  static final String TOPIC = "gradwatch.events.v1.default";

  /** Longest wait for a thread or a broker: far above any stall of a busy machine. */
  static final Duration AMPLE = Await.LIVENESS;

  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);

  private Publishing() {}

  static MockProducer<byte[], byte[]> producer() {
    return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static TrainingEvent event(String runId, long step) {
    return new TrainingEvent(runId, 0, step, 7L, null, body(StepReport.of(step).loss(2.5)));
  }

  /** The record of a report, layers included. */
  static StepCompleted body(StepReport report) {
    TrainingEvent event = new TrainingEvent("a", 0, report.step(), 7L, null, report.body());
    return (StepCompleted) new QueuedEvent(event, report.layers()).complete().getBody();
  }

  static List<TrainingEvent> sent(MockProducer<byte[], byte[]> producer) {
    return producer.history().stream().map(Publishing::decoded).toList();
  }

  static TrainingEvent decoded(ProducerRecord<byte[], byte[]> record) {
    TrainingEvent event = decoded(record.value());
    if (!event.getRunId().equals(new String(record.key(), StandardCharsets.UTF_8))) {
      throw new AssertionError("the key is not the run id " + event.getRunId());
    }
    return event;
  }

  static TrainingEvent decoded(byte[] value) {
    try {
      return CODEC.decode(value);
    } catch (RecordFormatException e) {
      throw new AssertionError(e);
    }
  }
}

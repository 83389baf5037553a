package io.gradwatch.wire;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.WriterSchema;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an event topic as events of the core. What this build's schema wrote is read by hand,
 * straight into arrays of primitives; what any other known or registered schema wrote goes through
 * Avro's resolving reader and {@link EventMapper}. A test holds the two ways equal. Not safe for
 * use by several threads.
 */
public final class EventDecoder {
  private final RecordCodec<TrainingEvent> codec;
  private final EventReader reader = new EventReader();

  /** Reads single-object encoding; needs no registry. */
  public EventDecoder() {
    this(RecordCodec.of(TrainingEvent.class));
  }

  /** Reads Confluent framing too, where there is a registry. */
  public EventDecoder(@Nullable SchemaRegistry registry) {
    this(RecordCodec.reading(TrainingEvent.class, registry));
  }

  /** Reads what a codec knows. */
  public EventDecoder(RecordCodec<TrainingEvent> codec) {
    this.codec = codec;
  }

  /**
   * The event of a record's value.
   *
   * @param project the project whose topic the value came from
   * @param value the value as Kafka has it; null (a tombstone) is refused as EMPTY
   * @throws UndecodableException when it is no event that can be
   * @throws java.io.UncheckedIOException when the registry cannot be asked, which says nothing
   *     about the value
   */
  public RunEvent decode(String project, byte @Nullable [] value) throws UndecodableException {
    TrainingEvent event;
    try {
      WriterSchema writer = codec.writer(value);
      if (value != null && writer.fingerprint() == codec.currentFingerprint()) {
        return reader.read(project, value, writer.headerBytes());
      }
      event = codec.decode(value, writer);
    } catch (RecordFormatException e) {
      throw UndecodableException.of(e);
    }
    return EventMapper.toCore(project, event);
  }

  /**
   * The event of a record that takes a run out ({@link io.gradwatch.schemas.RunRemoval}).
   *
   * @param key the record's, which names the run
   * @param timestamp the record's, in milliseconds since 1970
   * @throws UndecodableException when the key names no run
   */
  public static RunEvent removal(String project, byte @Nullable [] key, long timestamp)
      throws UndecodableException {
    String runId = EventChecks.runId(key == null ? "" : new String(key, StandardCharsets.UTF_8));
    return new RunEvent(
        project, runId, 0, 0, timestamp, RunEvent.WHOLE_RUN, new RunEvent.Removed());
  }
}

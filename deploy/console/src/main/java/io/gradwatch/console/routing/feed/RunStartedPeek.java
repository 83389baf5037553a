package io.gradwatch.console.routing.feed;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.WriterSchema;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decodes those events only that tell of a run. Of all others, nearly all, it reads the envelope,
 * some dozen bytes. Not safe for use by several threads.
 */
final class RunStartedPeek {
  /**
   * Place of RunStarted in the union of bodies, see TrainingEvent.avsc; a test holds it to that.
   */
  private static final int RUN_STARTED = 1;

  private final RecordCodec<TrainingEvent> codec;
  private @Nullable BinaryDecoder decoder;

  RunStartedPeek(RecordCodec<TrainingEvent> codec) {
    this.codec = codec;
  }

  /**
   * The event, when it tells of a run; null when it does not.
   *
   * @throws RecordFormatException when the bytes are no event
   */
  @Nullable TrainingEvent decode(byte @Nullable [] value) throws RecordFormatException {
    WriterSchema writer = codec.writer(value);
    if (value != null
        && writer.fingerprint() == codec.currentFingerprint()
        && !isRunStarted(value, writer.headerBytes())) {
      return null;
    }
    return codec.decode(value, writer);
  }

  private boolean isRunStarted(byte[] value, int start) throws RecordFormatException {
    try {
      BinaryDecoder in =
          DecoderFactory.get().binaryDecoder(value, start, value.length - start, decoder);
      decoder = in;
      in.skipString(); // run_id
      in.readInt(); // attempt
      in.readLong(); // step
      in.readLong(); // emitted_at
      if (in.readIndex() == 1) {
        in.readInt(); // rank
      }
      return in.readIndex() == RUN_STARTED;
    } catch (IOException | AvroRuntimeException e) {
      throw new RecordFormatException(
          RecordFormatException.Fault.MALFORMED, "no event: " + e.getMessage());
    }
  }
}

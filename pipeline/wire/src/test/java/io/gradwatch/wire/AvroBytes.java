package io.gradwatch.wire;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.KnownSchemas;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of an event put together by hand, so that they can be wrong in one place. */
final class AvroBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The framing and an envelope of run "r", attempt 0, step 7, time 0, no rank. */
  static AvroBytes envelope() {
    return framing().text("r").varint(0).varint(7).varint(0).varint(0);
  }

  /** The envelope and the index of StepCompleted. */
  static AvroBytes step() {
    return envelope().varint(2);
  }

  static AvroBytes framing() {
    long fingerprint = KnownSchemas.fingerprint(TrainingEvent.getClassSchema());
    return new AvroBytes().raw(0xC3, 0x01).bits64(fingerprint);
  }

  /** Zigzag, in as few bytes as it takes. */
  AvroBytes varint(long value) {
    long bits = value << 1 ^ value >> 63;
    while ((bits & ~0x7FL) != 0) {
      out.write((int) ((bits & 0x7F) | 0x80));
      bits >>>= 7;
    }
    out.write((int) bits);
    return this;
  }

  AvroBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  AvroBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  AvroBytes bits64(long bits) {
    return bits32((int) bits).bits32((int) (bits >>> 32));
  }

  AvroBytes bits32(int bits) {
    return raw(bits, bits >>> 8, bits >>> 16, bits >>> 24);
  }

  /** Indices 0 of so many unions with null: so many absent values. */
  AvroBytes absent(int count) {
    for (int i = 0; i < count; i++) {
      out.write(0);
    }
    return this;
  }

  byte[] toArray() {
    return out.toByteArray();
  }
}

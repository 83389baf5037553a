package io.gradwatch.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a record say which schema wrote them. Readers tell the two apart by sniffing.
 */
public enum Framing {
  /** Avro's single-object encoding: C3 01 and the schema's CRC-64-AVRO, little-endian. */
  SINGLE_OBJECT(10) {
    @Override
    void writeHeader(byte[] target, long key) {
      target[0] = (byte) 0xC3;
      target[1] = 0x01;
      LITTLE_ENDIAN_LONG.set(target, 2, key);
    }

    @Override
    long schemaKey(byte[] value) {
      return (long) LITTLE_ENDIAN_LONG.get(value, 2);
    }
  },

  /** The framing of Confluent's serializers: 00 and the schema's id in a registry, big-endian. */
  CONFLUENT(5) {
    @Override
    void writeHeader(byte[] target, long key) {
      target[0] = 0;
      BIG_ENDIAN_INT.set(target, 1, (int) key);
    }

    @Override
    long schemaKey(byte[] value) {
      return (int) BIG_ENDIAN_INT.get(value, 1);
    }
  };

  private static final VarHandle LITTLE_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final int headerBytes;

  Framing(int headerBytes) {
    this.headerBytes = headerBytes;
  }

  /** The framing that the first bytes show, be it cut short, or null when they show none. */
  public static @Nullable Framing of(byte[] value) {
    if (value.length >= 2 && value[0] == (byte) 0xC3 && value[1] == 0x01) {
      return SINGLE_OBJECT;
    }
    return value.length >= 1 && value[0] == 0 ? CONFLUENT : null;
  }

  /** Bytes before the record. */
  public int headerBytes() {
    return headerBytes;
  }

  /** Writes the header to the start of an array that has room for it. */
  abstract void writeHeader(byte[] target, long key);

  /** The schema's fingerprint (single-object) or id (Confluent) of a value of this framing. */
  abstract long schemaKey(byte[] value);
}

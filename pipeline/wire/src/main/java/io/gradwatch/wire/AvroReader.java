package io.gradwatch.wire;

import static io.gradwatch.wire.UndecodableException.refused;

import io.gradwatch.wire.UndecodableException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Avro's binary encoding, read from an array and never beyond its end. Nothing is allocated that
 * the bytes still to come could not fill. Every method throws {@link UndecodableException} and
 * nothing else.
 */
final class AvroReader {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[0];
  private int position;

  /** Where the block that is being read must end; -1 when its writer did not tell. */
  private int blockEnd = -1;

  /** Starts to read an array at a place; keeps the array until the next start. */
  void start(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  int remaining() {
    return bytes.length - position;
  }

  boolean bool(String field) throws UndecodableException {
    require(field, 1);
    byte value = bytes[position++];
    if (value != 0 && value != 1) {
      throw refused(Reason.MALFORMED, field, "the byte " + value, "the boolean 0 or 1");
    }
    return value == 1;
  }

  int int32(String field) throws UndecodableException {
    int bits = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = varintByte(field);
      bits |= (next & 0x7F) << shift;
      if (next < 0x80) {
        if (shift == 28 && next > 0x0F) {
          break;
        }
        return bits >>> 1 ^ -(bits & 1);
      }
    }
    throw refused(Reason.MALFORMED, field, "a varint of more than 32 bits", "an int");
  }

  long int64(String field) throws UndecodableException {
    long bits = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = varintByte(field);
      bits |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        if (shift == 63 && next > 1) {
          break;
        }
        return bits >>> 1 ^ -(bits & 1);
      }
    }
    throw refused(Reason.MALFORMED, field, "a varint of more than 64 bits", "a long");
  }

  private int varintByte(String field) throws UndecodableException {
    require(field, 1);
    return bytes[position++] & 0xFF;
  }

  double float64(String field) throws UndecodableException {
    require(field, Double.BYTES);
    double value = Double.longBitsToDouble((long) LONG.get(bytes, position));
    position += Double.BYTES;
    return value;
  }

  /** Fills part of an array with floats. */
  void float32s(String field, float[] target, int from, int to) throws UndecodableException {
    require(field, (long) (to - from) * Float.BYTES);
    for (int i = from; i < to; i++) {
      target[i] = Float.intBitsToFloat((int) INT.get(bytes, position));
      position += Float.BYTES;
    }
  }

  /** The place of a branch in a union or of a symbol in an enum, 0 to count - 1. */
  int index(String field, int count) throws UndecodableException {
    int index = int32(field);
    if (index < 0 || index >= count) {
      throw refused(Reason.MALFORMED, field, "choice " + index, "0 to " + (count - 1));
    }
    return index;
  }

  /** True when the union of null and something else holds something. */
  boolean present(String field) throws UndecodableException {
    return index(field, 2) == 1;
  }

  String text(String field, int mostBytes) throws UndecodableException {
    long length = int64(field);
    if (length < 0) {
      throw refused(Reason.MALFORMED, field, length + " bytes long", "at least 0");
    }
    require(field, length);
    EventChecks.textBytes(field, length, mostBytes);
    String text = new String(bytes, position, (int) length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(field, (int) length);
    }
    position += (int) length;
    return text;
  }

  /** A replacement character may have been sent as such; only then is the text what was sent. */
  private void requireUtf8(String field, int length) throws UndecodableException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length));
    } catch (CharacterCodingException e) {
      throw refused(Reason.INVALID_TEXT, field, "not UTF-8", "UTF-8");
    }
  }

  /**
   * Number of items in the next block of an array or map; 0 at its end. Where the writer told the
   * block's size, {@link #endBlock} holds it to that.
   *
   * @param leastItemBytes fewest bytes that one item takes, at least 1
   */
  int block(String field, int leastItemBytes) throws UndecodableException {
    long count = int64(field);
    blockEnd = -1;
    if (count < 0) {
      long size = int64(field);
      if (count == Long.MIN_VALUE || size < 0 || size > remaining()) {
        throw refused(
            Reason.MALFORMED,
            field,
            "a block of -(" + count + ") items in " + size + " bytes",
            "in the " + remaining() + " bytes that are left");
      }
      blockEnd = position + (int) size;
      count = -count;
    }
    if (count > remaining() / leastItemBytes) {
      throw refused(
          Reason.TRUNCATED, field, count + " items", "no more than " + remaining() + " bytes hold");
    }
    return (int) count;
  }

  /** Ends a block whose items have been read. */
  void endBlock(String field) throws UndecodableException {
    if (blockEnd >= 0 && position != blockEnd) {
      throw refused(
          Reason.MALFORMED,
          field,
          "a block that ends at byte " + position,
          blockEnd + " as its size says");
    }
  }

  /** Ends the event. */
  void end() throws UndecodableException {
    if (remaining() != 0) {
      throw new UndecodableException(
          Reason.TRAILING_BYTES, remaining() + " bytes follow the TrainingEvent");
    }
  }

  private void require(String field, long count) throws UndecodableException {
    if (count > remaining()) {
      throw new UndecodableException(
          Reason.TRUNCATED,
          field + " needs " + count + " bytes at " + position + ", " + remaining() + " are left");
    }
  }
}

package io.gradwatch.agent.gateway;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks one member of gzip (RFC 1952) with nothing behind it. The JDK's stream takes any number
 * of members and calls itself at each: some megabytes of empty ones overflow the stack.
 */
final class Gzip {
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** Time, extra flags and operating system. */
  private static final int PASSED_BYTES = 6;

  private static final int TRAILER_BYTES = 8;

  private Gzip() {}

  /**
   * Unpacks it.
   *
   * @param into takes as much as it may
   * @throws RefusedException INVALID where it is none; what the buffer throws
   */
  static byte[] unpack(byte[] packed, BodyBuffer into) throws RefusedException {
    ByteBuffer in = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    Inflater inflater = new Inflater(true);
    try {
      passHeader(in);
      inflater.setInput(in);
      byte[] unpacked = into.add(inflater).toArray();
      require(inflater.finished() && in.remaining() == TRAILER_BYTES);
      CRC32 crc = new CRC32();
      crc.update(unpacked);
      require(in.getInt() == (int) crc.getValue());
      require(in.getInt() == unpacked.length);
      return unpacked;
    } catch (DataFormatException | java.nio.BufferUnderflowException e) {
      throw invalid();
    } finally {
      inflater.end();
    }
  }

  private static void passHeader(ByteBuffer in) throws RefusedException {
    require(Short.toUnsignedInt(in.getShort()) == MAGIC);
    require(in.get() == DEFLATE);
    int flags = Byte.toUnsignedInt(in.get());
    require((flags & RESERVED) == 0);
    pass(in, PASSED_BYTES);
    if ((flags & EXTRA) != 0) {
      pass(in, Short.toUnsignedInt(in.getShort()));
    }
    if ((flags & NAME) != 0) {
      passText(in);
    }
    if ((flags & COMMENT) != 0) {
      passText(in);
    }
    if ((flags & HEADER_CRC) != 0) {
      pass(in, Short.BYTES);
    }
  }

  private static void pass(ByteBuffer in, int bytes) throws RefusedException {
    require(in.remaining() >= bytes);
    in.position(in.position() + bytes);
  }

  private static void passText(ByteBuffer in) {
    byte next = in.get();
    while (next != 0) {
      next = in.get();
    }
  }

  private static void require(boolean holds) throws RefusedException {
    if (!holds) {
      throw invalid();
    }
  }

  private static RefusedException invalid() {
    return new RefusedException(
        Refusal.INVALID, "the body is no gzip, not all of one, or more than one");
  }
}

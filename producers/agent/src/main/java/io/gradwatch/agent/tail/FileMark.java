package io.gradwatch.agent.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Up to where a file was read, and checksums of what stood there, by which it is known again: under
 * another name, and not when other content took its place.
 *
 * @param offset bytes read
 * @param line lines read
 * @param headLength bytes at the file's begin that {@code headSum} covers, 0 to {@value #SAMPLE}
 * @param headSum CRC32C of them
 * @param tailLength bytes before the offset that {@code tailSum} covers, 0 to {@value #SAMPLE}
 * @param tailSum CRC32C of them
 */
public record FileMark(
    long offset, long line, int headLength, int headSum, int tailLength, int tailSum) {
  /** Most bytes of a sample. */
  static final int SAMPLE = 256;

  /** Nothing was read: every file is this one. */
  public static final FileMark NONE = new FileMark(0, 0, 0, 0, 0, 0);

  public FileMark {
    if (!(offset >= 0 && line >= 0 && inSample(headLength) && inSample(tailLength))
        || headLength > offset
        || tailLength > offset) {
      throw new IllegalArgumentException(
          "mark at byte %d, line %d, samples of %d and %d bytes: must not be negative, a sample at most %d bytes and none longer than what was read"
              .formatted(offset, line, headLength, tailLength, SAMPLE));
    }
  }

  /** True when the file begins with what was read up to this mark, as far as the samples tell. */
  boolean isOf(FileChannel file) throws IOException {
    return file.size() >= offset
        && sum(sample(file, 0, headLength)) == headSum
        && sum(sample(file, offset - tailLength, tailLength)) == tailSum;
  }

  /** Bytes of a file; fewer where it ends before. */
  static byte[] sample(FileChannel file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    int count = 1;
    while (bytes.hasRemaining() && count > 0) {
      count = file.read(bytes, from + bytes.position());
    }
    byte[] read = new byte[bytes.position()];
    bytes.flip().get(read);
    return read;
  }

  static int sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return (int) sum.getValue();
  }

  private static boolean inSample(int length) {
    return length >= 0 && length <= SAMPLE;
  }
}

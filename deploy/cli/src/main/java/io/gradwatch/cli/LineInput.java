package io.gradwatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8 from a stream, each handed out as soon as its end has come. A line over the limit
 * is read past, not kept.
 */
final class LineInput {
  /** Most bytes of a line: twice the largest event of the wire, for JSON is wordier than Avro. */
  static final int MAX_BYTES = 1 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private byte[] line = new byte[1 << 12];
  private int position;
  private int limit;
  private boolean tooLong;

  LineInput(InputStream in) {
    this.in = in;
  }

  /** The next line without its end, empty when it was too long; null at the end of the stream. */
  @Nullable String next() throws IOException {
    int length = 0;
    long size = 0;
    while (true) {
      if (position == limit) {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        if (limit == 0) {
          return size == 0 ? null : finish(length, size);
        }
      }
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      int count = end - position;
      size += count;
      if (size <= MAX_BYTES) {
        if (length + count > line.length) {
          line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
        }
        System.arraycopy(buffer, position, line, length, count);
        length += count;
      }
      position = end;
      if (end < limit) {
        position++;
        return finish(length, size);
      }
    }
  }

  /** True when the line just handed out had been longer than {@link #MAX_BYTES}. */
  boolean tooLong() {
    return tooLong;
  }

  private String finish(int length, long size) {
    tooLong = size > MAX_BYTES;
    return tooLong ? "" : new String(line, 0, length, StandardCharsets.UTF_8);
  }
}

package io.gradwatch.agent.tail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * What was read of a file: how much, and its first and last bytes. Taken from what was read, not
 * from the file, which may have changed since.
 */
final class ReadBytes {
  private byte[] head = new byte[0];
  private byte[] tail = new byte[0];
  private long offset;
  private long line;

  /** Nothing yet. */
  ReadBytes() {}

  /** As far as a mark says, of the file that it was found to be of. */
  ReadBytes(FileMark mark, FileChannel file) throws IOException {
    this.offset = mark.offset();
    this.line = mark.line();
    this.head = FileMark.sample(file, 0, mark.headLength());
    this.tail = FileMark.sample(file, offset - mark.tailLength(), mark.tailLength());
  }

  long offset() {
    return offset;
  }

  long line() {
    return line;
  }

  /** Takes the bytes from..to as read. */
  void take(byte[] bytes, int from, int to) {
    int length = to - from;
    if (head.length < FileMark.SAMPLE) {
      head = joined(head, bytes, from, Math.min(to, from + FileMark.SAMPLE - head.length));
    }
    if (length >= FileMark.SAMPLE) {
      tail = Arrays.copyOfRange(bytes, to - FileMark.SAMPLE, to);
    } else {
      byte[] all = joined(tail, bytes, from, to);
      tail = Arrays.copyOfRange(all, Math.max(0, all.length - FileMark.SAMPLE), all.length);
    }
    offset += length;
  }

  /** Takes a line's end as read. */
  void endLine() {
    line++;
  }

  FileMark mark() {
    return new FileMark(
        offset, line, head.length, FileMark.sum(head), tail.length, FileMark.sum(tail));
  }

  private static byte[] joined(byte[] before, byte[] bytes, int from, int to) {
    byte[] all = Arrays.copyOf(before, before.length + to - from);
    System.arraycopy(bytes, from, all, before.length, to - from);
    return all;
  }
}

package io.gradwatch.traces;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the bytes read from a stream of known length. */
final class CountingStream extends FilterInputStream {
  private final long total;
  private long count;

  CountingStream(InputStream in, long total) {
    super(in);
    this.total = total;
  }

  /** Share of all bytes that was read, 0 to 1. */
  double share() {
    return total <= 0 ? 0 : Math.min(1.0, (double) count / total);
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count += value < 0 ? 0 : 1;
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = super.read(target, offset, length);
    count += Math.max(0, n);
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = super.skip(n);
    count += skipped;
    return skipped;
  }
}

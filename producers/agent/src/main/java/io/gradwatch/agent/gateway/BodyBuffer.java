package io.gradwatch.agent.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Bytes of a body that grow as they come, up to a bound. */
final class BodyBuffer {
  private static final int FIRST_BYTES = 16 * 1024;

  private final int mostBytes;
  private final MemoryBudget.Share share;
  private byte[] bytes = new byte[0];
  private int length;

  /**
   * @param share out of which it takes its memory
   */
  BodyBuffer(int mostBytes, MemoryBudget.Share share) {
    this.mostBytes = mostBytes;
    this.share = share;
  }

  /**
   * Adds all of a stream.
   *
   * @throws RefusedException TOO_LARGE or BUSY
   */
  BodyBuffer add(InputStream in) throws IOException, RefusedException {
    int read = 0;
    while (read >= 0) {
      wrote(read);
      read = in.read(bytes, length, bytes.length - length);
    }
    return this;
  }

  /** Adds what an inflater makes of its input, until it is finished or needs more. */
  BodyBuffer add(Inflater inflater) throws DataFormatException, RefusedException {
    int unpacked = 0;
    do {
      wrote(unpacked);
      unpacked = inflater.inflate(bytes, length, bytes.length - length);
    } while (unpacked > 0
        || !(inflater.finished() || inflater.needsInput() || inflater.needsDictionary()));
    return this;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Notes what was added, and makes room for more. */
  private void wrote(int count) throws RefusedException {
    length += count;
    if (length > mostBytes) {
      throw new RefusedException(
          Refusal.TOO_LARGE, "the body has more than %,d bytes, the most".formatted(mostBytes));
    }
    if (length == bytes.length) {
      int larger = Math.min(mostBytes + 1, Math.max(FIRST_BYTES, 2 * bytes.length));
      if (!share.take(larger - bytes.length)) {
        throw new RefusedException(
            Refusal.BUSY, "too many bodies are being read; nothing was taken, send it again later");
      }
      bytes = Arrays.copyOf(bytes, larger);
    }
  }
}

package io.gradwatch.agent.gateway;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a body, no further than the bound, whatever its headers promise and however far it would
 * unpack.
 */
final class Body {
  private static final int PASSED_AT_ONCE = 16 * 1024;

  private final int mostBytes;

  Body(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * All of it, unpacked.
   *
   * @param share out of which it takes its memory
   * @throws RefusedException TOO_LARGE, BUSY, or INVALID where it is no gzip
   * @throws IOException when the client went away or was too slow
   */
  byte[] read(InputStream in, boolean gzip, MemoryBudget.Share share)
      throws IOException, RefusedException {
    byte[] sent = new BodyBuffer(mostBytes, share).add(in).toArray();
    return gzip ? Gzip.unpack(sent, new BodyBuffer(mostBytes, share)) : sent;
  }

  /**
   * Reads past what a client goes on to send that is refused already, so that it comes to hear why;
   * not for ever.
   */
  void pass(InputStream in) throws IOException {
    byte[] buffer = new byte[PASSED_AT_ONCE];
    long passed = 0;
    for (int read = in.read(buffer); read >= 0 && passed < mostBytes; read = in.read(buffer)) {
      passed += read;
    }
  }
}

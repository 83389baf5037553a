package io.gradwatch.broker.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Ports that a process can come back to. */
public final class Ports {
  /** Below those that systems give to whoever asks for any, as every connection does. */
  private static final int LEAST = 20_000;

  private static final int BOUND = 32_000;
  private static final int ATTEMPTS = 100;

  private Ports() {}

  /** A port that was free a moment ago, and that nobody gets without asking for it. */
  public static int free() {
    RandomGenerator random = RandomGenerator.getDefault();
    IOException last = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = random.nextInt(LEAST, BOUND);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new IllegalStateException(
        "no port is free on the loopback address among %d from %d to %d"
            .formatted(ATTEMPTS, LEAST, BOUND),
        last);
  }
}

package io.gradwatch.jobs.faults;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own. */
final class BrokerMain {
  private BrokerMain() {}

  /** Data folder and port. */
  public static void main(String[] args) throws Exception {
    EmbeddedBroker.start(
        BrokerOptions.temporary()
            .withDataFolder(Path.of(args[0]))
            .withPort(Integer.parseInt(args[1])));
    new CountDownLatch(1).await(); // until it is killed
  }
}

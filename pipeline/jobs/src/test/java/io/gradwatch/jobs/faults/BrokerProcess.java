package io.gradwatch.jobs.faults;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.jobs.FlinkClassPath;
import java.nio.file.Path;
import java.util.List;

/** A Kafka in a process that can be killed; it comes back on the same port with what it had. */
final class BrokerProcess implements KafkaCluster {
  private static final int HEAP_MEBIBYTES = 512;

  private final Path folder;
  private final int port;
  private Child process;

  private BrokerProcess(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    this.process = startProcess();
  }

  static BrokerProcess start(Path folder) {
    return new BrokerProcess(folder, Ports.free());
  }

  private Child startProcess() {
    return Child.start(
        new Child.Program(
            "broker",
            FlinkClassPath.ofThisTest(),
            HEAP_MEBIBYTES,
            BrokerMain.class.getName(),
            List.of(folder.resolve("broker").toString(), Integer.toString(port))),
        folder);
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    process.kill();
  }

  /** Starts it again; clients wait until it answers. */
  void restart() {
    process = startProcess();
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}

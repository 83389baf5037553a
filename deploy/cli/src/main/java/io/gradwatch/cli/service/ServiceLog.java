package io.gradwatch.cli.service;

import io.gradwatch.schemas.AvroLimits;
import java.nio.file.Path;

/** Where Kafka and Flink log to while they run in this process: a file, not the terminal. */
public final class ServiceLog {
  private ServiceLog() {}

  /** A file for this process among the temporary ones, not there before something is logged. */
  public static Path inTemporaryFolder(String name) {
    Path file =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            name + "-" + ProcessHandle.current().pid() + ".log");
    to(file);
    return file;
  }

  /**
   * Takes effect only before the first logger is made, which Avro's limits do: they are set here,
   * after it.
   */
  public static void to(Path file) {
    System.setProperty("gradwatch.log.file", file.toString());
    System.setProperty("log4j2.configurationFile", "log4j2-service.properties");
    AvroLimits.ensure();
  }
}

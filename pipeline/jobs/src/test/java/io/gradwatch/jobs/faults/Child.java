package io.gradwatch.jobs.faults;

import io.gradwatch.broker.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A Java process of the cluster. It ends with this JVM at the latest, however that ends. */
final class Child implements AutoCloseable {
  /** Name of the file in the folder of the logs that says what is logged. */
  static final String LOGGING = "log4j2.properties";

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  /** Many short lives on few cores: a quick start is worth more than fast code. */
  private static final List<String> QUICK_START =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  /** What "flink run" needs of the JDK, in the JobManager too when a jar is run there. */
  private static final String OPENED = "--add-opens=java.base/java.util=ALL-UNNAMED";

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Process process;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * What to start.
   *
   * @param name of the process and its log
   * @param classPath with {@link Tether} on it
   * @param heapMebibytes most heap
   */
  record Program(
      String name, String classPath, int heapMebibytes, String mainClass, List<String> arguments) {}

  /** Starts a process whose output goes to NAME.log, behind what is there already. */
  static Child start(Program program, Path logFolder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QUICK_START);
    command.add(OPENED);
    command.add("-Xmx" + program.heapMebibytes() + "m");
    command.add("-Dlog4j.configurationFile=" + logFolder.resolve(LOGGING));
    command.addAll(List.of("-cp", program.classPath(), Tether.class.getName()));
    command.add(program.mainClass());
    command.addAll(program.arguments());
    Path log = logFolder.resolve(program.name() + ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      RUNNING.add(process);
      return new Child(program.name(), process);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + program.name() + " with " + command, e);
    }
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(Await.LIVENESS.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "process %d (%s) does not end on SIGKILL".formatted(process.pid(), name));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while killing " + name, e);
    }
    RUNNING.remove(process);
  }

  /** SIGSTOP now and SIGCONT later, by a shell that sees to it even when this JVM ends. */
  void pause(Duration duration) {
    String pid = Long.toString(process.pid());
    try {
      new ProcessBuilder(
              "sh",
              "-c",
              "kill -STOP \"$0\" && sleep \"$1\"; kill -CONT \"$0\"",
              pid,
              Long.toString(duration.toSeconds()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot pause " + name, e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}

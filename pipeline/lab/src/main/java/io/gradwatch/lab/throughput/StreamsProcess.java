package io.gradwatch.lab.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.lab.throughput.StreamsEntrant.Mark;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Kafka Streams, in a process of its own: its RocksDB and Flink's cannot share a class path. One
 * process runs all heats of an entrant, so that its code is compiled as this process's is; it ends
 * with this one.
 */
final class StreamsProcess {
  private static final String CLASS_PATH = "lab.streams.classpath";
  private static final String MAIN = "io.gradwatch.lab.streams.StreamsMain";

  private static final OperatingSystemMXBean HERE =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final Map<StreamsEntrant, StreamsProcess> RUNNING =
      new EnumMap<>(StreamsEntrant.class);

  private final Writer heats;
  private final BufferedReader told;

  private StreamsProcess(Process process) {
    this.heats = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    this.told = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** That of an entrant; started when it is first asked for. */
  static StreamsProcess of(StreamsEntrant entrant) throws IOException {
    StreamsProcess running = RUNNING.get(entrant);
    if (running == null) {
      running = start(entrant.name());
      RUNNING.put(entrant, running);
    }
    return running;
  }

  private static StreamsProcess start(String name) throws IOException {
    String classPath = System.getProperty(CLASS_PATH);
    if (classPath == null) {
      throw new IllegalStateException(
          CLASS_PATH + " is not set; pipeline/lab/run sets it, or leave " + name + " out");
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Runtime.getRuntime().maxMemory(),
                "-cp",
                classPath,
                MAIN)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new StreamsProcess(process);
  }

  /**
   * Runs a heat to its end.
   *
   * @param arguments as its main class wants them
   */
  HeatResult run(long records, List<String> arguments) throws IOException {
    heats.write(String.join("\t", arguments) + "\n");
    heats.flush();
    Mark from = mark();
    Mark to = mark();
    mark();
    return from.until(to, records);
  }

  private Mark mark() throws IOException {
    return Mark.of(told.readLine(), HERE.getProcessCpuTime());
  }
}

package io.gradwatch.lab.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.lab.FlatJson;
import io.gradwatch.schemas.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kafka Streams, in a process of its own: its RocksDB and Flink's cannot share a class path. It
 * tells the marks between which the clock runs as lines of JSON.
 */
enum StreamsEntrant implements Entrant {
  /** With its store in memory, the better case. */
  KAFKA_STREAMS("MEMORY"),

  /** With its store in RocksDB, the default. */
  KAFKA_STREAMS_ON_ROCKSDB("ROCKSDB");

  private static final String CLASS_PATH = "lab.streams.classpath";
  private static final String MAIN = "io.gradwatch.lab.streams.StreamsMain";

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final String store;

  StreamsEntrant(String store) {
    this.store = store;
  }

  /** How far it was, when, and the processor time of both processes until then. */
  record Mark(long records, long nanos, long cpuNanos) {
    /** A line that it told, with the processor time of this process added. */
    static Mark of(@Nullable String line, long cpuNanosHere) throws IOException {
      if (line == null) {
        throw new IOException("Kafka Streams ended before its mark; its log says why");
      }
      Map<String, String> told = FlatJson.read(line);
      return new Mark(
          number(told, "records"), number(told, "nanos"), number(told, "cpu_nanos") + cpuNanosHere);
    }

    private static long number(Map<String, String> told, String name) throws IOException {
      String value = told.get(name);
      if (value == null) {
        throw new IOException("the mark has no " + name + ": " + told);
      }
      return Long.parseLong(value);
    }

    HeatResult until(Mark to, long records) {
      double counted = to.records - this.records;
      return new HeatResult(
          records, counted * 1e9 / (to.nanos - nanos), (to.cpuNanos - cpuNanos) / counted / 1e3);
    }
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public HeatResult run(Track track, String heat) throws Exception {
    Process process =
        new ProcessBuilder(command(track, heat))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader told =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      Mark from = Mark.of(told.readLine(), PROCESS.getProcessCpuTime());
      Mark to = Mark.of(told.readLine(), PROCESS.getProcessCpuTime());
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(heat + " ended with " + code + "; its log says why");
      }
      return from.until(to, track.records());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private List<String> command(Track track, String heat) {
    String classPath = System.getProperty(CLASS_PATH);
    if (classPath == null) {
      throw new IllegalStateException(
          CLASS_PATH + " is not set; pipeline/lab/run sets it, or leave " + name() + " out");
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + Runtime.getRuntime().maxMemory(),
        "-cp",
        classPath,
        MAIN,
        track.bootstrapServers(),
        heat,
        Topics.events(Topics.DEFAULT_PROJECT),
        Contestant.COPY,
        store,
        Integer.toString(track.parallelism()),
        Long.toString(commitInterval(track).toMillis()),
        Path.of(URI.create(track.checkpoints())).resolve(heat).toString(),
        Long.toString(track.records()));
  }

  /** As often as the job makes a checkpoint. */
  private static Duration commitInterval(Track track) {
    return JobOptions.of(Map.of(JobOptions.BOOTSTRAP_SERVERS.name(), track.bootstrapServers()))
        .get(JobOptions.CHECKPOINT_INTERVAL);
  }
}

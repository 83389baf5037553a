package io.gradwatch.lab.throughput;

import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.lab.FlatJson;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kafka Streams; it tells the marks between which the clock runs as lines of JSON. */
enum StreamsEntrant implements Entrant {
  /** With its store in memory, the better case. */
  KAFKA_STREAMS("MEMORY"),

  /** With its store in RocksDB, the default. */
  KAFKA_STREAMS_ON_ROCKSDB("ROCKSDB");

  private final String store;

  StreamsEntrant(String store) {
    this.store = store;
  }

  /**
   * How far it was, when, and until then the processor time of both processes and the time of its
   * compiler.
   */
  record Mark(long records, long nanos, long cpuNanos, long compilerMillis) {
    /** A line that it told, with the processor time of this process added. */
    static Mark of(@Nullable String line, long cpuNanosHere) throws IOException {
      if (line == null) {
        throw new IOException("Kafka Streams ended before its mark; its log says why");
      }
      Map<String, String> told = FlatJson.read(line);
      return new Mark(
          number(told, "records"),
          number(told, "nanos"),
          number(told, "cpu_nanos") + cpuNanosHere,
          number(told, "compiler_millis"));
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
      double wall = to.nanos - nanos;
      return new HeatResult(
          records,
          counted * 1e9 / wall,
          (to.cpuNanos - cpuNanos) / counted / 1e3,
          Double.NaN,
          (to.compilerMillis - compilerMillis) * 1e6 / wall);
    }
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public HeatResult run(Track track, String heat) throws Exception {
    return StreamsProcess.of(this)
        .run(
            track.records(),
            List.of(
                track.bootstrapServers(),
                heat,
                Topics.events(Topics.DEFAULT_PROJECT),
                Contestant.COPY,
                store,
                Integer.toString(track.parallelism()),
                Long.toString(commitInterval(track).toMillis()),
                Path.of(URI.create(track.checkpoints())).resolve(heat).toString(),
                Long.toString(track.from()),
                Long.toString(track.to()),
                Long.toString(track.records())));
  }

  /** As often as the job makes a checkpoint. */
  private static Duration commitInterval(Track track) {
    return JobOptions.of(Map.of(JobOptions.BOOTSTRAP_SERVERS.name(), track.bootstrapServers()))
        .get(JobOptions.CHECKPOINT_INTERVAL);
  }
}

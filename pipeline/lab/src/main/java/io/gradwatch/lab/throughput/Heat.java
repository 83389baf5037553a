package io.gradwatch.lab.throughput;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.jobs.options.JobOptions;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;

/** One job, once, over events that are there. */
final class Heat {
  private static final long LOOK_MILLIS = 20;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Heat() {}

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

  private record Mark(
      long records, long nanos, long cpuNanos, Map<Long, Long> cpuOfThreads, long compilerMillis) {
    static Mark now() {
      Map<Long, Long> cpuOfThreads = new HashMap<>();
      for (long thread : THREADS.getAllThreadIds()) {
        cpuOfThreads.put(thread, THREADS.getThreadCpuTime(thread));
      }
      return new Mark(
          ConsumedCount.now(),
          System.nanoTime(),
          PROCESS.getProcessCpuTime(),
          cpuOfThreads,
          COMPILER.getTotalCompilationTime());
    }

    HeatResult since(Mark before, long records) {
      double counted = records() - before.records();
      double wall = nanos - before.nanos();
      long busiest =
          cpuOfThreads.entrySet().stream()
              .mapToLong(now -> now.getValue() - before.cpuOfThreads.getOrDefault(now.getKey(), 0L))
              .max()
              .orElse(0);
      return new HeatResult(
          records,
          counted * 1e9 / wall,
          (cpuNanos - before.cpuNanos) / counted / 1e3,
          busiest / counted / 1e3,
          (compilerMillis - before.compilerMillis) * 1e6 / wall);
    }
  }

  /**
   * Runs it to its end.
   *
   * @param name of this heat, unlike every other of this Kafka
   */
  static HeatResult run(Contestant contestant, Track track, String name) throws Exception {
    JobOptions options =
        JobOptions.of(
            Map.of(
                JobOptions.BOOTSTRAP_SERVERS.name(), track.bootstrapServers(),
                JobOptions.GROUP_ID.name(), name,
                JobOptions.TRANSACTIONAL_ID_PREFIX.name(), name));
    Configuration flink = new Configuration();
    flink.set(CoreOptions.DEFAULT_PARALLELISM, track.parallelism());
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, track.checkpoints());
    flink.setString("metrics.reporters", "lab");
    flink.setString("metrics.reporter.lab.factory.class", ConsumedCount.Factory.class.getName());
    track.settings().forEach(flink::setString);
    ConsumedCount.reset();
    long records = track.records();
    JobClient job =
        contestant
            .environment(options, flink, events -> events.setBounded(track.stop()))
            .executeAsync(name);
    Mark from = await(job, track.from());
    Mark to = await(job, track.to());
    job.getJobExecutionResult().get();
    if (ConsumedCount.now() != records) {
      throw new IllegalStateException(
          "%s read %d records, there are %d".formatted(name, ConsumedCount.now(), records));
    }
    return to.since(from, records);
  }

  private static Mark await(JobClient job, long records) throws Exception {
    while (ConsumedCount.now() < records) {
      if (job.getJobExecutionResult().isDone()) {
        job.getJobExecutionResult().get(); // throws what ended it
        throw new IllegalStateException(
            "the job ended after %d of %d records".formatted(ConsumedCount.now(), records));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return Mark.now();
  }
}

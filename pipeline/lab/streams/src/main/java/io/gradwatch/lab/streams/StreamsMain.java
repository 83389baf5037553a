package io.gradwatch.lab.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.schemas.AvroLimits;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Runs the application once for each line that it reads, in one process, so that what Java has
 * compiled for one heat serves the next. Of each it tells three marks as lines of JSON: where the
 * clock starts, where it stops, and that it has ended.
 */
public final class StreamsMain {
  private static final long LOOK_MILLIS = 20;
  private static final int ARGUMENTS = 11;
  private static final Duration CLOSE = Duration.ofSeconds(30);

  private StreamsMain() {}

  /** Runs heats until there is no further line; their arguments are separated by tabs. */
  public static void main(String... arguments) throws Exception {
    AvroLimits.ensure();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      heat(System.out, line.split("\\t", -1));
    }
  }

  /**
   * Runs it until it has read so many records.
   *
   * @param arguments bootstrap servers, application, topic in, topic out, MEMORY or ROCKSDB,
   *     threads, milliseconds between commits, folder, records after which the clock starts, after
   *     which it stops, in all
   */
  static void heat(PrintStream out, String... arguments) throws InterruptedException {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException(
          "there are %d arguments, must be %d".formatted(arguments.length, ARGUMENTS));
    }
    RollingStatistics application =
        new RollingStatistics(
            arguments[0],
            arguments[1],
            arguments[2],
            arguments[3],
            arguments[4].equals("MEMORY"),
            Integer.parseInt(arguments[5]),
            Long.parseLong(arguments[6]),
            Path.of(arguments[7]));
    LongAdder consumed = new LongAdder();
    KafkaStreams streams = application.streams(consumed);
    streams.start();
    mark(out, await(streams, consumed, Long.parseLong(arguments[8])));
    mark(out, await(streams, consumed, Long.parseLong(arguments[9])));
    long read = await(streams, consumed, Long.parseLong(arguments[10]));
    if (!streams.close(CLOSE)) {
      throw new IllegalStateException("the application still ran after " + CLOSE);
    }
    mark(out, read);
  }

  private static long await(KafkaStreams streams, LongAdder consumed, long records)
      throws InterruptedException {
    while (consumed.sum() < records) {
      if (streams.state() == KafkaStreams.State.ERROR) {
        throw new IllegalStateException(
            "the application failed after %d of %d records".formatted(consumed.sum(), records));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return consumed.sum();
  }

  private static void mark(PrintStream out, long records) {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    out.printf(
        Locale.ROOT,
        "{\"records\":%d,\"nanos\":%d,\"cpu_nanos\":%d,\"compiler_millis\":%d}%n",
        records,
        System.nanoTime(),
        process.getProcessCpuTime(),
        ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    out.flush();
  }
}

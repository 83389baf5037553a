package io.gradwatch.lab.streams;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.schemas.AvroLimits;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Runs the application until it has read a number of records, and tells two marks on its way as
 * lines of JSON, each with the processor time that it has used until then.
 */
public final class StreamsMain {
  private static final double FROM = 0.2;
  private static final double TO = 0.9;
  private static final long LOOK_MILLIS = 20;
  private static final int ARGUMENTS = 9;
  private static final Duration CLOSE = Duration.ofSeconds(30);

  private StreamsMain() {}

  /**
   * Runs it.
   *
   * @param arguments bootstrap servers, application, topic in, topic out, MEMORY or ROCKSDB,
   *     threads, milliseconds between commits, folder, records
   */
  public static void main(String... arguments) throws Exception {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException(
          "there are %d arguments, must be %d".formatted(arguments.length, ARGUMENTS));
    }
    AvroLimits.ensure();
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
    long records = Long.parseLong(arguments[8]);
    LongAdder consumed = new LongAdder();
    KafkaStreams streams = application.streams(consumed);
    streams.start();
    mark(await(streams, consumed, (long) (FROM * records)));
    mark(await(streams, consumed, (long) (TO * records)));
    await(streams, consumed, records);
    streams.close(CLOSE);
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

  private static void mark(long records) {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    System.out.printf(
        Locale.ROOT,
        "{\"records\":%d,\"nanos\":%d,\"cpu_nanos\":%d}%n",
        records,
        System.nanoTime(),
        process.getProcessCpuTime());
    System.out.flush();
  }
}

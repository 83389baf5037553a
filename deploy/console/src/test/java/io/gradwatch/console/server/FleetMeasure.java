package io.gradwatch.console.server;

import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.model.FleetQuery;
import io.gradwatch.console.model.Records;
import io.gradwatch.records.StepCompleted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Measures size and speed of the model in processor time: {@code FleetMeasure [RUNS [STEPS]]}. */
public final class FleetMeasure {
  private static final int REPEATS = 20;

  private FleetMeasure() {}

  /** Prints one line of numbers. */
  public static void main(String[] args) throws IOException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
    Fleet fleet = new Fleet(FleetLimits.standard(), InstantSource.system());
    long before = usedBytes();
    long began = processorNanos();
    for (int step = 0; step < steps; step++) {
      for (int run = 0; run < runs; run++) {
        fleet.apply("default", Records.event("run-" + run, 0, step, body(step, run)));
      }
    }
    double applied = seconds(began);
    long bytes = (usedBytes() - before) / runs;
    byte[] json = new byte[0];
    Follower follower = new Follower(fleet, null);
    follower.next();
    for (int i = 0; i < REPEATS; i++) {
      json = page(fleet);
    }
    began = processorNanos();
    for (int i = 0; i < REPEATS; i++) {
      json = page(fleet);
    }
    double page = seconds(began) / REPEATS;
    for (int run = 0; run < runs; run++) {
      fleet.apply("default", Records.event("run-" + run, 0, steps, body(steps, run)));
    }
    began = processorNanos();
    follower.next();
    double follow = seconds(began);
    System.out.printf(
        Locale.ROOT,
        "%d runs of %d steps: %.1f KB a run, %.0f events/s applied, /fleet?limit=2000 %.1f ms"
            + " (%d KB, %d KB gzipped), one listener's step %.1f ms%n",
        runs,
        steps,
        bytes / 1024.0,
        (double) runs * steps / applied,
        page * 1e3,
        json.length / 1024,
        gzipped(json) / 1024,
        follow * 1e3);
  }

  private static StepCompleted body(int step, int run) {
    return StepCompleted.newBuilder()
        .setLoss(1.0 / (step + 1) + run % 7)
        .setGradNorm(1 + Math.sin(step * 0.1 + run))
        .setLearningRate(1e-3)
        .setClipThreshold(1.0)
        .build();
  }

  private static byte[] page(Fleet fleet) {
    FleetPage page = fleet.fleet(FleetQuery.all(), 0, 2_000);
    return Json.bytes(page);
  }

  private static int gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.size();
  }

  /** Of this thread: what else the machine does makes no difference. */
  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double seconds(long began) {
    return (processorNanos() - began) / 1e9;
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}

package io.gradwatch.lab.publisher;

import com.sun.management.ThreadMXBean;
import io.gradwatch.lab.timing.Percentiles;
import io.gradwatch.lab.timing.Schedule;
import io.gradwatch.producer.PublisherStats;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.producer.StepReport;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * What telling a step took the thread that told it, the making of the report included.
 *
 * @param nanos of each call, two readings of the clock included
 * @param cpuNanosPerEvent processor time of the thread, the clock's included; NaN where it did
 *     other work between
 * @param bytesPerEvent allocated by the thread
 * @param eventsPerSecond told, by the clock on the wall
 * @param stats of the publisher when the last call came back
 */
record CallCost(
    Percentiles nanos,
    double cpuNanosPerEvent,
    double bytesPerEvent,
    double eventsPerSecond,
    PublisherStats stats) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Different norms, so that nothing is told twice in a row. */
  private static final int DIFFERENT_STEPS = 64;

  /**
   * Tells so many steps.
   *
   * @param schedule null: one after the other
   */
  static CallCost of(
      StepPublisher publisher, long firstStep, int steps, int layers, @Nullable Schedule schedule) {
    float[][] norms = new float[DIFFERENT_STEPS][layers];
    for (int i = 0; i < DIFFERENT_STEPS; i++) {
      for (int k = 0; k < layers; k++) {
        norms[i][k] = 1 + 0.01f * i + 0.001f * k;
      }
    }
    TrainerWork work = new TrainerWork();
    long[] nanos = new long[steps];
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      if (schedule != null) {
        work.until(schedule.due(i));
      }
      float[] layerNorms = norms[i % DIFFERENT_STEPS];
      long before = System.nanoTime();
      publisher.step(
          StepReport.of(firstStep + i)
              .loss(2.5 + 0.001 * (i % 100))
              .gradNorm(layerNorms[0])
              .learningRate(1e-3)
              .layerGradNorms(layerNorms));
      nanos[i] = System.nanoTime() - before;
    }
    long wall = System.nanoTime() - start;
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    return new CallCost(
        Percentiles.of(nanos),
        schedule == null ? cpu / (double) steps : Double.NaN,
        allocated / (double) steps,
        steps * 1e9 / wall,
        publisher.stats());
  }

  /** What two readings of the clock take, one after the other. */
  static Percentiles ofTheClock(int readings) {
    long[] nanos = new long[readings];
    for (int i = 0; i < readings; i++) {
      long before = System.nanoTime();
      nanos[i] = System.nanoTime() - before;
    }
    return Percentiles.of(nanos);
  }
}

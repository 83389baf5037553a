package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HotPathTest {
  private static final int STEPS = 100_000;

  @Test
  void allocatesNothingWhereWhatIsAppliedStays() {
    StepPublisher publisher =
        new StepPublisher(
            StepPublisher.builder().publisher(Publishing::producer), "run", 1, null, () -> 7L);
    AdvisedTrainer advised = AdvisedTrainer.using(AdviceMode.FOLLOW, publisher);
    var advice = Advice.ofAllKinds();
    advice.setAttempt(1);
    advice.setMadeAtStep(0);
    advice.setValidUntilStep(Long.MAX_VALUE);
    advised.receives(advice);
    advised.takes(0, 1);
    AdvisedTrainer guarded = AdvisedTrainer.following();
    steps(advised, guarded, 1_000); // loads classes
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    threads.getThreadAllocatedBytes(thread);

    long before = threads.getThreadAllocatedBytes(thread);
    double sum = steps(advised, guarded, STEPS);
    long allocated = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(allocated).as("bytes in %s steps", 2 * STEPS).isLessThan(STEPS / 100);
    assertThat(sum).isPositive();
    assertThat(advised.advisor.stats().advice().steps()).isGreaterThan(STEPS / 100);
    assertThat(guarded.advisor.stats().guard().steps()).isGreaterThan(STEPS);
    publisher.close(Duration.ZERO);
  }

  @Test
  void tellingAStepAllocatesLittleMoreThanTheCopyOfItsLayers() {
    int layers = 1_000;
    float[] norms = new float[layers];
    StepPublisher publisher =
        new StepPublisher(
            StepPublisher.builder()
                .queueCapacity(STEPS)
                .publisher(
                    () -> {
                      throw new IllegalStateException("no broker, so nothing is sent");
                    }),
            "run",
            0,
            null,
            () -> 7L);
    report(publisher, norms, 1_000); // loads classes
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    threads.getThreadAllocatedBytes(thread);

    long before = threads.getThreadAllocatedBytes(thread);
    report(publisher, norms, 1_000);
    long allocated = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(allocated / 1_000).as("bytes a step").isBetween(4L * layers, 4L * layers + 700);
    publisher.close(Duration.ZERO);
    assertThat(publisher.stats().dropped(DropCause.CLOSED)).isEqualTo(2_000);
  }

  private static void report(StepPublisher publisher, float[] norms, int steps) {
    for (int step = 0; step < steps; step++) {
      publisher.step(StepReport.of(step).loss(2.5).gradNorm(1).layerGradNorms(norms));
    }
  }

  private static double steps(AdvisedTrainer advised, AdvisedTrainer guarded, int steps) {
    double sum = 0;
    for (int step = 1; step <= steps; step++) {
      double norm = 1 + step % 97;
      // Within the trainer's own limit of 1,000 steps, so that advice stays in force.
      double threshold = advised.advisor.clipThreshold(step % 1_000, norm);
      sum += Advisor.clipFactor(norm, threshold);
      sum += advised.advisor.layerThreshold(step % 1_000, 0, 1);
      sum += advised.advisor.clipValue(step % 1_000, 1);
      sum += advised.advisor.learningRateFactor(step % 1_000);
      sum += advised.advisor.rollbackStep(step % 1_000);
      sum += guarded.advisor.clipThreshold(step, norm);
    }
    return sum;
  }
}

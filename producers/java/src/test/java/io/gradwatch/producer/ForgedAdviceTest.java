package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.ClipRecommendation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is written into the topic and whatever the trainer tells, the bounds hold. */
@Timeout(600)
class ForgedAdviceTest {
  private static final double[] ODD = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0,
    -0.0,
    -1,
    Double.MIN_VALUE,
    Double.MAX_VALUE
  };
  private static final long[] ODD_STEPS = {
    Long.MIN_VALUE, -1, 0, 1, 1L << 53, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void neverLeadsOutOfTheTrainersBounds(long seed) {
    Random random = new Random(seed);
    AdvisedTrainer trainer =
        seed % 4 == 0 ? AdvisedTrainer.shadowing() : AdvisedTrainer.following();
    for (int i = 0; i < 2_000; i++) {
      switch (random.nextInt(12)) {
        case 0 -> trainer.receives((byte[]) null);
        case 1 -> trainer.receives(garbage(random));
        case 2 -> trainer.advisor.disable();
        case 3 -> trainer.advisor.enable();
        default -> trainer.receives(forged(random, i));
      }
      long step = random.nextInt(10) == 0 ? ODD_STEPS[random.nextInt(ODD_STEPS.length)] : i;
      double norm = number(random);

      double threshold = trainer.advisor.clipThreshold(step, norm);
      double factor = Advisor.clipFactor(norm, threshold);

      assertThat(threshold).isBetween(AdvisedTrainer.FLOOR, AdvisedTrainer.CEILING);
      assertThat(factor).isGreaterThan(0).isLessThanOrEqualTo(1);
      otherAdviceHoldsAt(trainer.advisor, step, random);
    }
    AdvisorStats stats = trainer.advisor.stats();
    assertThat(stats.accepted()).as("the test forges well").isPositive();
    assertThat(stats.refused()).isPositive();
    assertThat(stats.outdated()).isPositive();
    assertThat(stats.advice().steps()).isPositive();
    assertThat(stats.advice().meanFactor()).isBetween(0.0, 1.0);
    assertThat(stats.guard().meanFactor()).isBetween(0.0, 1.0);
  }

  private static void otherAdviceHoldsAt(Advisor advisor, long step, Random random) {
    int layer = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(4);

    assertThat(advisor.learningRateFactor(step)).isBetween(AdvisedTrainer.LEARNING_RATE_FLOOR, 1.0);
    assertThat(advisor.rollbackStep(step)).isBetween(-1L, Math.max(-1, step));
    assertThat(advisor.layerThreshold(step, layer, Double.NaN))
        .isBetween(AdvisedTrainer.LAYERS.floor(), AdvisedTrainer.LAYERS.ceiling());
    assertThat(advisor.clipValue(step, Double.NaN))
        .isBetween(AdvisedTrainer.VALUES.floor(), AdvisedTrainer.VALUES.ceiling());
  }

  @Test
  void keepsHonestAdviceOutForNoMoreThanItsOwnSteps() {
    AdvisedTrainer trainer = AdvisedTrainer.following();
    trainer.takes(100, 2);
    trainer.receives(Advice.of(0.2, 1, Long.MAX_VALUE - 200));
    trainer.receives(Advice.of(0.3, 1, 1L << 53));
    trainer.receives(Advice.of(0.4, Integer.MAX_VALUE, 100));
    trainer.receives(Advice.of(0.5, 1, 100));

    assertThat(trainer.advisor.clipThreshold(101, 2)).isEqualTo(0.5);
    assertThat(trainer.advisor.stats().refused()).as("a later attempt").isEqualTo(1);
  }

  @Test
  void holdsWhereThreadsAskAtOnceWhileAdviceComes() throws Exception {
    AdvisedTrainer trainer = AdvisedTrainer.following();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Future<?> writer =
          threads.submit(
              () -> {
                Random random = new Random(1);
                for (int i = 0; !done.get(); i++) {
                  trainer.receives(forged(random, i % 20_000));
                }
              });
      List<Future<?>> trainers = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        Random random = new Random(thread);
        trainers.add(
            threads.submit(
                () -> {
                  for (int step = 0; step < 20_000; step++) {
                    double threshold = trainer.advisor.clipThreshold(step, number(random));
                    if (!(threshold >= AdvisedTrainer.FLOOR
                        && threshold <= AdvisedTrainer.CEILING)) {
                      throw new AssertionError("threshold " + threshold + " at step " + step);
                    }
                  }
                }));
      }
      for (Future<?> one : trainers) {
        one.get();
      }
      done.set(true);
      writer.get();
    } finally {
      done.set(true);
      threads.shutdownNow();
    }

    AdvisorStats stats = trainer.advisor.stats();
    assertThat(stats.advice().steps() + stats.guard().steps()).isBetween(1L, 60_000L);
  }

  private static ClipRecommendation forged(Random random, long step) {
    ClipRecommendation advice = Advice.of(random.nextInt(8) == 0 ? null : number(random));
    advice.setAttempt(random.nextInt(5) == 0 ? random.nextInt() : 1);
    advice.setMadeAtStep(step(random, step));
    advice.setValidUntilStep(step(random, step + 50));
    advice.setLearningRateFactor(random.nextInt(8) == 0 ? null : signed(random));
    advice.setRollbackStep(random.nextInt(8) == 0 ? null : step(random, step));
    advice.setLayerClipThresholds(
        random.nextInt(8) == 0
            ? null
            : random.ints(random.nextInt(4)).mapToObj(i -> (float) signed(random)).toList());
    advice.setClipValue(random.nextInt(8) == 0 ? null : signed(random));
    advice.setFloor(number(random));
    advice.setCeiling(number(random));
    if (random.nextInt(10) == 0) {
      advice.setRunId("another");
    }
    return advice;
  }

  private static long step(Random random, long near) {
    return random.nextInt(8) == 0
        ? ODD_STEPS[random.nextInt(ODD_STEPS.length)]
        : near + random.nextInt(21) - 10;
  }

  private static double number(Random random) {
    return random.nextInt(6) == 0
        ? ODD[random.nextInt(ODD.length)]
        : Math.exp(10 * random.nextGaussian());
  }

  private static double signed(Random random) {
    return random.nextInt(4) == 0 ? -number(random) : number(random);
  }

  private static byte[] garbage(Random random) {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    return bytes;
  }
}

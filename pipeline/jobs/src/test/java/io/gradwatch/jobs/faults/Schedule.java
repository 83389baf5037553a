package io.gradwatch.jobs.faults;

import io.gradwatch.jobs.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is done to the job and when; the same for the same seed.
 *
 * @param parallelism of the job at first
 */
record Schedule(
    long seed, Scheduler scheduler, Backend backend, int parallelism, List<Step> steps) {
  private static final int LEAST_FAULTS = 2;
  private static final int FAULTS_BOUND = 5;

  /** Chance that a fault does not wait until the job has recovered from the one before it. */
  private static final double OVERLAP = 0.25;

  /**
   * A fault and its time.
   *
   * @param position share of the events that have been sent when it comes, 0 to 1
   * @param overlapping whether it comes even when the job has not recovered from the one before
   */
  record Step(double position, boolean overlapping, Fault fault) {}

  Schedule {
    steps = List.copyOf(steps);
  }

  /**
   * A schedule; as many successive seeds as there are kinds of faults have every kind. That of 0 is
   * the shortest that says something: a TaskManager is killed.
   */
  static Schedule of(long seed) {
    if (seed == 0) {
      return new Schedule(
          0,
          Scheduler.DEFAULT,
          Backend.HASHMAP,
          2,
          List.of(new Step(0.5, false, new Fault.KillTaskManager(0))));
    }
    SplittableRandom random = new SplittableRandom(seed);
    Fault.Kind[] kinds = Fault.Kind.values();
    Scheduler scheduler = random.nextBoolean() ? Scheduler.DEFAULT : Scheduler.ADAPTIVE;
    int parallelism = 1 << random.nextInt(3);
    int count = random.nextInt(LEAST_FAULTS, FAULTS_BOUND);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Fault.Kind kind =
          kinds[i == 0 ? Math.floorMod(seed, kinds.length) : random.nextInt(kinds.length)];
      double position = (i + 0.2 + 0.6 * random.nextDouble()) / (count + 1);
      steps.add(new Step(position, i > 0 && random.nextDouble() < OVERLAP, kind.draw(random)));
    }
    // Not drawn, so that a seed has the faults it had before there was a choice.
    Backend backend = seed % 3 == 0 ? Backend.ROCKSDB : Backend.HASHMAP;
    return new Schedule(seed, scheduler, backend, parallelism, steps);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "seed %d: %s, %s, parallelism %d".formatted(seed, scheduler, backend, parallelism));
    for (Step step : steps) {
      text.append(
          "%n  at %.0f %%%s %s"
              .formatted(
                  100 * step.position(), step.overlapping() ? " at once" : "", step.fault()));
    }
    return text.toString();
  }
}

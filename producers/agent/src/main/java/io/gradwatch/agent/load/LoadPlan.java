package io.gradwatch.agent.load;

import io.gradwatch.schemas.Limits;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fleet. The same plan, begun at the same time, gives the same events.
 *
 * @param runs how many, 1 to 1,000,000
 * @param layers of each, 0 to 16,384
 * @param allNorms whether weights and updates of the layers are told as well as gradients
 * @param stepsPerSecond of all runs together, above 0, at most 10,000,000
 * @param duration how long the runs are, at that rate; null: without end
 * @param faults share of the runs that something happens to, 0 to 1
 * @param seed at least 0; it is in the run ids as well
 */
public record LoadPlan(
    int runs,
    int layers,
    boolean allNorms,
    double stepsPerSecond,
    @Nullable Duration duration,
    double faults,
    long seed) {
  private static final int MOST_RUNS = 1_000_000;
  private static final double MOST_STEPS_PER_SECOND = 1e7;

  public LoadPlan {
    require(runs >= 1 && runs <= MOST_RUNS, "runs", runs, "1 to 1,000,000");
    require(layers >= 0 && layers <= Limits.MAX_LAYERS, "layers", layers, "0 to 16,384");
    require(
        stepsPerSecond > 0 && stepsPerSecond <= MOST_STEPS_PER_SECOND,
        "steps a second",
        stepsPerSecond,
        "above 0, at most 10,000,000");
    require(faults >= 0 && faults <= 1, "the share of faults", faults, "0 to 1");
    require(seed >= 0, "the seed", seed, "at least 0");
    if (duration != null) {
      require(!duration.isNegative() && !duration.isZero(), "the duration", duration, "above 0");
    }
  }

  /** Run id of the nth run, from 1. */
  public String runId(int number) {
    return "load-%d-%05d".formatted(seed, number);
  }

  /** Steps of each run; {@link Long#MAX_VALUE} where it has no end. */
  long stepsOfARun() {
    return duration == null
        ? Long.MAX_VALUE
        : Math.max(1, Math.round(duration.toNanos() / 1e9 * stepsPerSecond / runs));
  }

  /**
   * The runs, each of which makes its events when it is asked for them.
   *
   * @param startMillis when the first step is emitted, in ms since 1970; the others follow at the
   *     rate of the plan
   */
  public List<RecordedRun> open(long startMillis) throws IOException {
    Network network = Network.ofBundledRuns(layers, allNorms);
    List<RecordedRun> all = new ArrayList<>(runs);
    for (int run = 0; run < runs; run++) {
      all.add(new LoadRun(this, network, run, startMillis));
    }
    return all;
  }

  private static void require(boolean holds, String what, Object found, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": found " + found + ", must be " + allowed);
    }
  }
}

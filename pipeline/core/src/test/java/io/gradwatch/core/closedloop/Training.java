package io.gradwatch.core.closedloop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The trainings that are run in the loop, the same for every rule: only clipping differs. */
enum Training {
  /** A quadratic that is stable on sound batches. */
  QUADRATIC,
  /** A quadratic whose norms differ little from step to step. */
  EVEN_QUADRATIC,
  /** A network that is stable on sound batches. */
  NETWORK,
  /** Starts so large, and learns so fast, that mostly its first steps explode by themselves. */
  EXPLODING_NETWORK,
  /** Leaves a plateau: its norms grow several times over as it begins to learn. */
  GROWING_NETWORK;

  /** Steps of a training. */
  static final int STEPS = 1_000;

  private static final int SEEDS = 3;

  Trainee begin(long seed) {
    return switch (this) {
      case QUADRATIC -> new IllConditionedQuadratic(seed, 16, 0.2);
      case EVEN_QUADRATIC -> new IllConditionedQuadratic(seed, 64, 0.2);
      case NETWORK -> new TinyNetwork(seed, 16, 0.03, 1);
      case EXPLODING_NETWORK -> new TinyNetwork(seed, 16, 0.15, 1.5);
      case GROWING_NETWORK -> new TinyNetwork(seed, 64, 0.01, 0.2);
    };
  }

  ClosedLoop.Outcome run(long seed, Stress stress, Clipping rule) {
    return ClosedLoop.run(begin(seed), stress, rule);
  }

  /** Sound batches all along. */
  static Stress calm() {
    return Stress.none(STEPS);
  }

  /**
   * Runs it with several seeds.
   *
   * @param stress of the seed
   * @param rule makes a new one for each
   */
  List<ClosedLoop.Outcome> runAll(LongFunction<Stress> stress, Supplier<Clipping> rule) {
    List<ClosedLoop.Outcome> outcomes = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      outcomes.add(run(seed, stress.apply(seed), rule.get()));
    }
    return outcomes;
  }
}

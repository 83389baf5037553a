package io.gradwatch.core.closedloop;

import io.gradwatch.core.clip.Recommendation;
import java.util.List;

/** A training as its trainer runs it: loss, gradient, clipping, update, event. */
final class ClosedLoop {
  /** Steps at the end over which the final loss is averaged, so that it is not that of one step. */
  private static final int LAST_STEPS = 20;

  private ClosedLoop() {}

  /**
   * What came of a training.
   *
   * @param firstLoss evaluated before the first step
   * @param finalLoss mean of what was evaluated after the last steps
   * @param norms of every step before clipping
   * @param thresholds applied at every step; infinite: not clipped
   * @param clippedShare share of the sound batches whose gradient was clipped
   */
  record Outcome(
      double firstLoss,
      double finalLoss,
      double[] norms,
      double[] thresholds,
      double clippedShare,
      List<Recommendation> advice) {
    boolean isLost() {
      return !(finalLoss <= 1.05 * firstLoss);
    }

    /** Share of the first loss that is left, 1 for a run that is lost. */
    double left() {
      return isLost() ? 1 : finalLoss / firstLoss;
    }
  }

  static Outcome run(Trainee trainee, Stress stress, Clipping rule) {
    int steps = stress.steps();
    double[] norms = new double[steps];
    double[] thresholds = new double[steps];
    int sound = 0;
    int clipped = 0;
    double firstLoss = trainee.evaluate();
    double finalLoss = 0;
    for (int step = 0; step < steps; step++) {
      double loss = trainee.draw(stress.factor(step));
      double norm = trainee.gradientNorm();
      double threshold = rule.threshold(step);
      if (Double.isFinite(norm)) {
        trainee.descend(norm > threshold ? threshold / norm : 1);
      }
      rule.observe(step, loss, norm, trainee.learningRate(), threshold);
      norms[step] = norm;
      thresholds[step] = threshold;
      if (stress.isSound(step)) {
        sound++;
        clipped += norm > threshold ? 1 : 0;
      }
      if (step >= steps - LAST_STEPS) {
        finalLoss += trainee.evaluate() / LAST_STEPS;
      }
    }
    return new Outcome(
        firstLoss, finalLoss, norms, thresholds, (double) clipped / sound, rule.advice());
  }
}

package io.gradwatch.core.closedloop;

import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunWatch;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes by the advice of a watched run as it was some steps ago; until there is any, by the median
 * of the norms so far.
 */
final class Advised implements Clipping {
  private final int lagSteps;
  private final RunWatch watch = new RunWatch(PolicyBook.empty(), "default", "run");
  private final List<Recommendation> advice = new ArrayList<>();
  private final List<Double> norms = new ArrayList<>();
  private int arrived;

  /**
   * A rule that knows nothing yet.
   *
   * @param lagSteps steps until what was advised is applied, at least 1
   */
  Advised(int lagSteps) {
    this.lagSteps = lagSteps;
  }

  @Override
  public double threshold(int step) {
    while (arrived < advice.size() && advice.get(arrived).madeAtStep() <= step - lagSteps) {
      arrived++;
    }
    if (arrived > 0) {
      return advice.get(arrived - 1).clipThreshold();
    }
    return norms.isEmpty() ? Double.POSITIVE_INFINITY : median();
  }

  private double median() {
    double[] sorted = norms.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public void observe(int step, double loss, double norm, double learningRate, double applied) {
    if (Double.isFinite(norm)) {
      norms.add(norm);
    }
    Observation observation =
        new Observation()
            .set(Scalar.LOSS, loss)
            .set(Scalar.GRAD_NORM, norm)
            .set(Scalar.LEARNING_RATE, learningRate);
    if (Double.isFinite(applied)) {
      observation.set(Scalar.CLIP_THRESHOLD, applied);
    }
    advice.addAll(
        watch
            .accept(
                new RunEvent(
                    "default", "run", 0, step, 1_000L * step, RunEvent.WHOLE_RUN, observation))
            .recommendations());
  }

  @Override
  public List<Recommendation> advice() {
    return advice;
  }
}

package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import org.jspecify.annotations.Nullable;

/**
 * Tells the pipeline what became of its advice: one event when advice begins to be applied, changes
 * or ends, and not more than one in ten steps. What was passed over is told later, unless it has
 * changed back by then. Says nothing in shadow mode, where no advice is applied. For one thread at
 * a time.
 */
final class AdviceFeedback {
  static final int SPACING_STEPS = 10;

  private static final long NEVER = Long.MAX_VALUE;

  private final StepPublisher publisher;
  private double toldAdvised = Double.NaN;
  private long toldAtStep = NEVER;

  AdviceFeedback(StepPublisher publisher) {
    this.publisher = publisher;
  }

  /**
   * Takes what is applied at a step.
   *
   * @param applied threshold applied; not finite: none
   * @param followed advice on the threshold that it follows; null: none
   */
  void tell(long step, double applied, @Nullable ClipRecommendation followed) {
    Double threshold = followed == null ? null : followed.getClipThreshold();
    double advised = threshold == null ? Double.NaN : threshold;
    boolean tooSoon = step >= toldAtStep && step - toldAtStep < SPACING_STEPS;
    if (Double.compare(advised, toldAdvised) == 0 || tooSoon) {
      return;
    }
    toldAdvised = advised;
    toldAtStep = step;
    publisher.adviceAppliedAtOnce(
        step,
        threshold,
        Double.isFinite(applied) ? applied : null,
        followed == null ? null : followed.getMadeAtStep());
  }
}

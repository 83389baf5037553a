package io.gradwatch.producer;

import org.jspecify.annotations.Nullable;

/**
 * Tells the pipeline what became of its advice: one event when advice begins to be applied, changes
 * or ends, and not more than one in ten steps. What was passed over is told later, unless it has
 * changed back by then. For one thread at a time.
 */
final class AdviceFeedback {
  static final int SPACING_STEPS = 10;

  private final StepPublisher publisher;
  private @Nullable ClipRule toldRule;
  private double toldAdvised = Double.NaN;
  private long toldAtStep;

  AdviceFeedback(StepPublisher publisher) {
    this.publisher = publisher;
  }

  /**
   * Takes what is applied at a step.
   *
   * @param advised threshold advised; NaN: none
   * @param applied threshold applied; not finite: none
   * @param madeAtStep made_at_step of the advice; not read where there is none
   */
  void tell(long step, ClipRule rule, double advised, double applied, long madeAtStep) {
    boolean sameRule = toldRule == null || toldRule == rule;
    if (sameRule && Double.compare(advised, toldAdvised) == 0) {
      return;
    }
    if (toldRule != null && step >= toldAtStep && step - toldAtStep < SPACING_STEPS) {
      return;
    }
    toldRule = rule;
    toldAdvised = advised;
    toldAtStep = step;
    boolean isAdvised = !Double.isNaN(advised);
    publisher.adviceAppliedAtOnce(
        step,
        isAdvised ? advised : null,
        Double.isFinite(applied) ? applied : null,
        isAdvised ? madeAtStep : null);
  }
}

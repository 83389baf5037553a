package io.gradwatch.core.clip;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.Arrays;

/**
 * What clips a run now: the threshold that the trainer last said to apply, and what it does with
 * the advice. Advice reaches a trainer late, so what newer advice has replaced counts as followed
 * for {@link #LAG_STEPS} more; as advice changes rarely, only the newest few are remembered.
 */
public final class Application implements State {
  /** Steps within which advice reaches its trainer. */
  public static final int LAG_STEPS = 20;

  /** Relative difference of thresholds that is rounding: of a float, or of four digits printed. */
  private static final double ROUNDING = 1e-3;

  /** Thresholds told that are remembered, the newest one included. */
  private static final int REMEMBERED = 4;

  /** The threshold applied; 0: nothing was said of it, NaN: none is. */
  private double applied;

  /** What the newest AdviceApplied says; advised is 0 before there was one. */
  private double answeredAdvised;

  private double answeredApplied;
  private long answeredMadeAtStep;

  /** Thresholds told in this attempt, the newest first; 0: none. */
  private double[] told = new double[REMEMBERED];

  /** Step at which each of them was told. */
  private double[] toldAtStep = new double[REMEMBERED];

  @Override
  public void fields(StateCodec codec) {
    applied = codec.f64(applied);
    answeredAdvised = codec.f64(answeredAdvised);
    answeredApplied = codec.f64(answeredApplied);
    answeredMadeAtStep = codec.i64(answeredMadeAtStep);
    told = codec.f64s(told);
    toldAtStep = codec.f64s(toldAtStep);
  }

  /** Takes a threshold that is told to the trainer; NaN, none, changes nothing. */
  public void tell(long step, double threshold) {
    if (Double.isNaN(threshold) || threshold == told[0]) {
      return;
    }
    System.arraycopy(told, 0, told, 1, REMEMBERED - 1);
    System.arraycopy(toldAtStep, 0, toldAtStep, 1, REMEMBERED - 1);
    told[0] = threshold;
    toldAtStep[0] = step;
  }

  /**
   * Takes the threshold that a step was clipped at.
   *
   * @param threshold NaN when the step tells none, which changes nothing
   */
  public void observe(double threshold) {
    applied = Double.isNaN(threshold) ? applied : threshold;
  }

  /** Takes the trainer's word on what it did with advice. */
  public void observe(RunEvent.AdviceApplied answer) {
    applied = answer.applied();
    answeredAdvised = answer.advised();
    answeredApplied = answer.applied();
    answeredMadeAtStep = answer.madeAtStep();
  }

  /** A newer attempt has begun: how it clips is not known, and it was told nothing. */
  public void beginAttempt() {
    applied = 0;
    answeredAdvised = 0;
    answeredApplied = 0;
    answeredMadeAtStep = 0;
    Arrays.fill(told, 0);
    Arrays.fill(toldAtStep, 0);
  }

  /** The threshold that clips now; NaN where none does, or nothing was said of one. */
  public double threshold() {
    return applied > 0 ? applied : Double.NaN;
  }

  /** made_at_step of the advice that the trainer last spoke of; -1 when of none. */
  public long madeAtStep() {
    return answeredAdvised == 0 ? -1 : answeredMadeAtStep;
  }

  /**
   * What the trainer does with the advice.
   *
   * @param step the newest step
   */
  public AdviceUse use(long step) {
    boolean isNews = told[1] == 0 && step - toldAtStep[0] <= LAG_STEPS;
    if (wasTold(applied, step)) {
      return AdviceUse.FOLLOWED;
    }
    if (wasTold(answeredAdvised, step) && same(applied, answeredApplied)) {
      return AdviceUse.BOUNDED;
    }
    return told[0] == 0 || applied == 0 || isNews ? AdviceUse.UNKNOWN : AdviceUse.IGNORED;
  }

  /** True for the threshold told last, and for those replaced no longer than the lag ago. */
  private boolean wasTold(double threshold, long step) {
    if (same(threshold, told[0])) {
      return true;
    }
    for (int i = 1; i < REMEMBERED && step - toldAtStep[i - 1] <= LAG_STEPS; i++) {
      if (same(threshold, told[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(double threshold, double other) {
    return other > 0 && Math.abs(threshold - other) <= ROUNDING * other;
  }
}

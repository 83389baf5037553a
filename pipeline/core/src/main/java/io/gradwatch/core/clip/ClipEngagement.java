package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;

/**
 * What becomes of the advice for a run: what the threshold told before each step does, or would do,
 * to the norm of that step; what the threshold applied does; and which one that is. So a run that
 * follows no advice shows what following it would come to.
 *
 * <p>Skipped updates and steps without a norm do not count. Norms are those before clipping; where
 * a trainer reports them after it, nothing is ever above the threshold applied.
 */
public final class ClipEngagement implements State {
  private final ClipEffect advised = new ClipEffect();
  private final ClipEffect applied = new ClipEffect();
  private final Application application = new Application();

  @Override
  public void fields(StateCodec codec) {
    advised.fields(codec);
    applied.fields(codec);
    application.fields(codec);
  }

  /**
   * Takes a step.
   *
   * @param toldBefore threshold told before it; NaN when none was
   */
  public void observe(Reading reading, double toldBefore) {
    double threshold = reading.observation().get(Scalar.CLIP_THRESHOLD);
    application.observe(threshold);
    if (reading.observation().has(Scalar.GRAD_NORM) && !reading.skipped()) {
      advised.take(reading.norm(), toldBefore);
      applied.take(reading.norm(), threshold);
    }
  }

  /** Takes the trainer's word on what it did with advice. */
  public void observe(RunEvent.AdviceApplied answer) {
    application.observe(answer);
  }

  /** Takes a threshold that is told to the trainer. */
  public void tell(long step, double threshold) {
    application.tell(step, threshold);
  }

  /** A newer attempt has begun; what was counted stays. */
  public void beginAttempt() {
    application.beginAttempt();
  }

  /** What clips the run now. */
  public Application application() {
    return application;
  }

  /**
   * As it goes out.
   *
   * @param told threshold told last; NaN when none was
   * @param step the newest step
   */
  public ClipStatistics read(double told, long step) {
    return new ClipStatistics(
        told,
        application.threshold(),
        application.use(step),
        ClipStatistics.Effect.of(advised),
        ClipStatistics.Effect.of(applied));
  }
}

package io.gradwatch.lab.peers;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * More than four losses in a row at or above twice the mean of the last 100, or half of the last
 * 100 above a cap: the callback {@code KillLossSpike} of llm-foundry
 * (llmfoundry/callbacks/kill_loss_spike_callback.py at 56891fcb), with its defaults.
 *
 * <p>Its window is a twentieth of the planned steps where that is more than 100; recordings plan
 * nothing. The cap is the highest of the first 100 losses, at most 10. A NaN is no outlier there,
 * and makes the mean NaN until it has left the window.
 */
final class KillLossSpike implements PeerRule {
  static final int WINDOW = 100;
  static final int PATIENCE = 4;
  static final double OUTLIER_MULTIPLIER = 2;
  private static final double HIGHEST_LOSS_CAP = 10;

  private final RollingWindow losses = new RollingWindow(WINDOW);
  private double lossCap = Double.NaN;
  private long steps;
  private int outliers;

  @Override
  public @Nullable Verdict observe(Observation observation) {
    if (!observation.has(Scalar.LOSS)) {
      return null;
    }
    double loss = observation.get(Scalar.LOSS);
    steps++;
    Verdict verdict = losses.isFull() ? judge(loss) : null;
    losses.add(loss);
    return verdict;
  }

  private @Nullable Verdict judge(double loss) {
    if (Double.isNaN(lossCap)) {
      lossCap = Math.min(losses.max(), HIGHEST_LOSS_CAP);
    }
    outliers = loss >= OUTLIER_MULTIPLIER * losses.mean() ? outliers + 1 : 0;
    boolean persistentlyHigh = steps >= 2 * WINDOW && losses.countAbove(lossCap) >= WINDOW / 2.0;
    return outliers > PATIENCE || persistentlyHigh ? Verdict.LOSS : null;
  }
}

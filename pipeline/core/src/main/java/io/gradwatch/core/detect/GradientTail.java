package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.SpikePolicy;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.stats.Trend;
import java.util.Arrays;

/**
 * How far the tail of the distribution of |gradient| reaches: ln of the ratio of what the largest
 * thousandth of the components exceeds to their median, so that neither norm nor loss scale matter.
 * A few components that explode show here first, while the norm of all others hides them. Only
 * where histograms are reported. A flyweight over {@link #CELLS} cells of an array of the caller,
 * all zero at first.
 */
final class GradientTail {
  /** Share of the components that is the tail: enough of them in any network to be no chance. */
  private static final double TAIL = 0.001;

  private static final double LN_2 = StrictMath.log(2);

  private static final int BATCH = 0;

  /** Step of the newest jump, plus 1; 0: there was none. */
  private static final int JUMPED = 1;

  /** The ratio's logarithm at that step. */
  private static final int REACH = 2;

  /** Its medium level before. */
  private static final int USUAL = 3;

  /** Binary exponent up to which the tail would usually have reached at that step. */
  private static final int EXPONENT = 4;

  private static final int TREND = 5;

  static final int CELLS = TREND + Trend.CELLS;

  private GradientTail() {}

  /**
   * Takes an observation; true when its tail reaches out as far above its level as a policy says a
   * norm must to be a spike. Silent until the level is known, also after another batch size.
   */
  static boolean jumps(
      double[] cells, int at, Reading reading, RunSeries series, SpikePolicy policy) {
    if (cells[at + BATCH] != series.batchSize()) {
      Arrays.fill(cells, at, at + CELLS, 0);
      cells[at + BATCH] = series.batchSize();
    }
    Log2Histogram histogram = reading.observation().histogram();
    if (histogram == null || reading.skipped() || reading.batchIsOther()) {
      return false;
    }
    double median = histogram.log2Exceeded(0.5);
    double reach = LN_2 * (histogram.log2Exceeded(TAIL) - median);
    if (Double.isNaN(reach)) {
      return false;
    }
    double usual = Trend.medium(cells, at + TREND);
    boolean jumps =
        Trend.score(cells, at + TREND, reach) >= policy.spreads() && reach - usual >= policy.rise();
    if (jumps) {
      cells[at + JUMPED] = reading.step() + 1;
      cells[at + REACH] = reach;
      cells[at + USUAL] = usual;
      double unscaled = reading.withoutLossScale(StrictMath.pow(2, median));
      cells[at + EXPONENT] = Math.ceil((StrictMath.log(unscaled) + usual) / LN_2);
    }
    Trend.update(cells, at + TREND, reading.step(), reach);
    return jumps;
  }

  /** True when the tail jumped at a step. */
  static boolean jumpedAt(double[] cells, int at, long step) {
    return cells[at + JUMPED] == step + 1;
  }

  /** The bound to which components would have to be clipped for a tail as usual. */
  static double bound(double[] cells, int at) {
    return Math.scalb(1.0, (int) cells[at + EXPONENT]);
  }

  static Evidence evidence(double[] cells, int at) {
    return new Evidence("grad_tail_ratio", StrictMath.exp(cells[at + REACH]));
  }

  static Evidence baseline(double[] cells, int at) {
    return new Evidence("grad_tail_ratio_baseline", StrictMath.exp(cells[at + USUAL]));
  }

  static String sentence(double[] cells, int at, long step) {
    return Words.sentence(
        "The largest thousandth of the gradient's components jumped at step %d to %s times the"
            + " median, usual is %s times.",
        step,
        Words.number(StrictMath.exp(cells[at + REACH])),
        Words.number(StrictMath.exp(cells[at + USUAL])));
  }
}

package io.gradwatch.core.detect;

import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import java.util.Arrays;

/**
 * What the loss was at the start of a run, and what it has gained since: a flyweight over {@link
 * #CELLS} cells, all zero at first. The start is the mean of the first {@link Trend#LEARNING}
 * losses, winsorised, as the trend of the loss takes them. Starts anew wherever that trend does,
 * and at a rewind.
 *
 * <p>The learning rate that is reported is context here: while it rises to new highs, as in a
 * warm-up, a loss that stands still proves nothing yet, so steps are counted from its last new
 * high.
 */
final class LossStart {
  static final int CELLS = 5;

  private static final int COUNT = 0;
  private static final int MEAN = 1;

  /** Step of the newest of the first losses. */
  private static final int SEEN_STEP = 2;

  private static final int HIGHEST_RATE = 3;

  /** Step of the first loss, or of the newest new high of the learning rate. */
  private static final int SINCE_STEP = 4;

  /** Losses after which the medium level remembers little of the first ones. */
  private static final double LEFT = Trend.LEARNING + 3 * Trend.MEDIUM_HALF_LIFE;

  /** Standard error of the distance of the start's mean from a medium level, in spreads. */
  private static final double ERROR = errorInSpreads();

  /** Standard errors that a gain must exceed to be one, or stay below to be none. */
  private static final double SIGNIFICANCE = 2;

  private LossStart() {}

  private static double errorInSpreads() {
    double weight = Trend.weight(Trend.MEDIUM_HALF_LIFE);
    return StrictMath.sqrt(1.0 / Trend.LEARNING + weight / (2 - weight));
  }

  /** Learns a step whose loss is finite, after its trend has. */
  static void update(double[] cells, double[] loss, Reading reading) {
    if (cells[COUNT] == 0) {
      cells[SINCE_STEP] = reading.step();
    }
    if (cells[COUNT] < Trend.LEARNING) {
      cells[COUNT]++;
      cells[MEAN] = Trend.slow(loss, 0);
      cells[SEEN_STEP] = reading.step();
    }
    double rate = reading.observation().get(Scalar.LEARNING_RATE);
    if (rate > cells[HIGHEST_RATE]) {
      cells[SINCE_STEP] = cells[HIGHEST_RATE] == 0 ? cells[SINCE_STEP] : reading.step();
      cells[HIGHEST_RATE] = rate;
    }
  }

  static void restart(double[] cells) {
    Arrays.fill(cells, 0);
  }

  /**
   * True when the start was seen, finely enough (the first losses are of the very first steps), and
   * long enough ago for the medium level to be of other losses. How fine that is does not depend on
   * how soon it is asked for: nothing is known before {@link #LEFT} losses anyhow.
   */
  private static boolean isKnown(RunSeries series, long withinSteps) {
    double[] cells = series.lossStart();
    return cells[COUNT] >= Trend.LEARNING
        && cells[SEEN_STEP] <= Math.max((double) withinSteps, LEFT)
        && Trend.count(series.loss(), 0) >= LEFT;
  }

  /** The level at the start, as the trend of the loss takes it. */
  static double level(double[] cells) {
    return cells[MEAN];
  }

  /** How far the lowest medium level of the loss is below the start. */
  static double gain(RunSeries series) {
    return series.lossStart()[MEAN] - Trend.low(series.loss(), 0);
  }

  /** What such a gain may be off by. */
  static double error(RunSeries series) {
    return SIGNIFICANCE * ERROR * Trend.floorOfSpread(series.loss(), 0);
  }

  /**
   * True when for that many steps the loss has certainly fallen by less than an improvement, and
   * does not fall now.
   */
  static boolean isIdle(RunSeries series, long steps, double improvement) {
    double[] loss = series.loss();
    double error = error(series);
    return !series.lossIsLinear()
        && isKnown(series, steps)
        && series.lastStep() - series.lossStart()[SINCE_STEP] >= steps
        && gain(series) + error < improvement
        && Trend.slow(loss, 0) - Trend.medium(loss, 0) < error;
  }
}

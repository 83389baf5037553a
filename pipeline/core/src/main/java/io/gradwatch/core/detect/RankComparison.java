package io.gradwatch.core.detect;

import io.gradwatch.core.signal.Observation;
import java.util.Arrays;

/**
 * Compares the ranks of a run at the same step: how far each is from the median of all, apart from
 * where it usually is, in units of the median absolute deviation (F. R. Hampel, "The Influence
 * Curve and its Role in Robust Estimation", 1974). So neither ranks that hold other layers nor
 * shards that are harder than others stand apart, only one that begins to. Losses are compared as
 * they are, norms as logarithms. Code only, but for scratch; not safe for use by several threads at
 * once.
 */
public final class RankComparison {
  /** Cells of a rank: usual distance of loss and of ln(norm), comparisons, row, its first step. */
  static final int CELLS = 5;

  private static final int USUAL = 0;
  private static final int SEEN = 2;
  private static final int ROW = 3;
  private static final int ONSET = 4;

  /** Cells of what was found: those below. */
  static final int VERDICT = 10;

  /** The rank that stands apart for longest, plus 1; 0: none does. */
  static final int APART = 0;

  /** Comparisons for which it does, its first step, the step compared last plus 1. */
  static final int APART_ROW = 1;

  static final int APART_ONSET = 2;
  static final int COMPARED_STEP = 3;

  /** Loss and ln(norm) of that rank and the median of all; NaN where not told. */
  static final int OWN = 4;

  static final int MEDIAN = 6;

  /** The rank that stood apart first of late, plus 1, and since when. */
  static final int FIRST = 8;

  static final int FIRST_ONSET = 9;

  /** Comparisons in a row that NaN or infinity of one rank alone counts for. */
  static final double AT_ONCE = 1_000;

  /** Fewest ranks among which one can be told from the others. */
  private static final int LEAST = 3;

  /** Comparisons after which it is known where a rank usually is. */
  private static final int LEARNING = 20;

  /** Deviations beyond which a rank stands apart: no noise does for a row. */
  private static final double SPREADS = 8;

  /** Deviations that a usual distance learns from at most. */
  private static final double WINSOR = 3;

  /** Weight of a comparison in the usual distance. */
  private static final double WEIGHT = 0.02;

  /** Ratio of the standard deviation to the median absolute one of a normal distribution. */
  private static final double SIGMA = 1.4826;

  /** Least deviations: share of the median loss, and of ln(norm). */
  private static final double LEAST_OF_LOSS = 0.05;

  private static final double LEAST_OF_NORM = 0.1;

  /** Steps for which the first rank that stood apart is remembered. */
  static final double REMEMBERED_STEPS = 100;

  private double[] scratch = {};
  private double[] scores = {};

  /** Takes what a rank told of a step. */
  public void observe(RankTable ranks, int rank, long step, Observation observation) {
    if (ranks.take(rank, step, observation)) {
      for (int place = ranks.complete(); place >= 0; place = ranks.complete()) {
        if (ranks.told(place) >= LEAST) {
          compare(ranks, place);
        }
        ranks.close(place);
      }
    }
  }

  private void compare(RankTable ranks, int place) {
    int size = ranks.size();
    if (scratch.length < size) {
      scratch = new double[size];
      scores = new double[size];
    }
    Arrays.fill(scores, 0, size, 0);
    double medianLoss = score(ranks, place, 0);
    double medianNorm = score(ranks, place, 1);
    long step = ranks.step(place);
    double[] cells = ranks.cells();
    double[] verdict = ranks.verdict();
    int apart = -1;
    for (int slot = 0; slot < size; slot++) {
      int own = slot * RankTable.CELLS + RankTable.COMPARED;
      if (scores[slot] == 0) {
        continue;
      }
      cells[own + SEEN]++;
      double before = cells[own + ROW];
      cells[own + ROW] = scores[slot] > 1 ? before + (scores[slot] >= AT_ONCE ? AT_ONCE : 1) : 0;
      cells[own + ONSET] = before == 0 ? step : cells[own + ONSET];
      if (cells[own + ROW] > 0 && (apart < 0 || isWorse(cells, slot, apart))) {
        apart = slot;
      }
    }
    verdict[APART] = apart < 0 ? 0 : ranks.rank(apart) + 1;
    verdict[COMPARED_STEP] = step + 1;
    if (apart >= 0) {
      int own = apart * RankTable.CELLS;
      verdict[APART_ROW] = cells[own + RankTable.COMPARED + ROW];
      verdict[APART_ONSET] = cells[own + RankTable.COMPARED + ONSET];
      verdict[OWN] = cells[own + RankTable.VALUES + 2 * place];
      verdict[OWN + 1] = cells[own + RankTable.VALUES + 2 * place + 1];
      verdict[MEDIAN] = medianLoss;
      verdict[MEDIAN + 1] = medianNorm;
    }
    remember(verdict, step);
  }

  private static void remember(double[] verdict, long step) {
    boolean old = step - verdict[FIRST_ONSET] > REMEMBERED_STEPS;
    if (verdict[APART] > 0 && (verdict[FIRST] == 0 || old)) {
      verdict[FIRST] = verdict[APART];
      verdict[FIRST_ONSET] = verdict[APART_ONSET];
    }
  }

  /** True for a rank that stands apart for longer, or as long and further, than another. */
  private boolean isWorse(double[] cells, int slot, int other) {
    double row = cells[slot * RankTable.CELLS + RankTable.COMPARED + ROW];
    double otherRow = cells[other * RankTable.CELLS + RankTable.COMPARED + ROW];
    return row > otherRow || (row == otherRow && scores[slot] > scores[other]);
  }

  /**
   * Scores each rank that told a series: above 1 it stands apart.
   *
   * @return the median; NaN where too few told it
   */
  private double score(RankTable ranks, int place, int series) {
    double[] cells = ranks.cells();
    int size = ranks.size();
    int finite = 0;
    int infinite = 0;
    for (int slot = 0; slot < size; slot++) {
      double value = value(cells, slot, place, series);
      if (Double.isFinite(value)) {
        scratch[finite++] = value;
      } else if (Double.isInfinite(value)) {
        infinite++;
      }
    }
    if (finite < LEAST || finite <= infinite) {
      return Double.NaN;
    }
    double median = medianOf(finite);
    double deviation = deviation(cells, place, series, size, median);
    double least = series == 0 ? LEAST_OF_LOSS * Math.abs(median) : LEAST_OF_NORM;
    double unit = Math.max(Math.max(deviation, least), Double.MIN_NORMAL);
    for (int slot = 0; slot < size; slot++) {
      double value = value(cells, slot, place, series);
      if (Double.isInfinite(value)) {
        scores[slot] = AT_ONCE;
      } else if (!Double.isNaN(value)) {
        scores[slot] = Math.max(scores[slot], learn(cells, slot, series, value - median, unit));
      }
    }
    return median;
  }

  /** Learns a distance; how far it is from the usual one, above 0, at most near {@code AT_ONCE}. */
  private static double learn(double[] cells, int slot, int series, double distance, double unit) {
    int own = slot * RankTable.CELLS + RankTable.COMPARED;
    double change = distance - cells[own + USUAL + series];
    double seen = cells[own + SEEN];
    if (seen < LEARNING) {
      cells[own + USUAL + series] += change / (seen + 1);
      return Double.MIN_NORMAL;
    }
    cells[own + USUAL + series] +=
        WEIGHT * Math.max(-WINSOR * unit, Math.min(WINSOR * unit, change));
    double score = Math.abs(change) / (SPREADS * unit);
    return Math.max(Double.MIN_NORMAL, Math.min(AT_ONCE - 1, score));
  }

  /** Deviation of what strays from the usual distances; 0 while they are learnt. */
  private double deviation(double[] cells, int place, int series, int size, double median) {
    int count = 0;
    for (int slot = 0; slot < size; slot++) {
      double value = value(cells, slot, place, series);
      if (Double.isFinite(value)) {
        double usual = cells[slot * RankTable.CELLS + RankTable.COMPARED + USUAL + series];
        scratch[count++] = Math.abs(value - median - usual);
      }
    }
    return SIGMA * medianOf(count);
  }

  private static double value(double[] cells, int slot, int place, int series) {
    return cells[slot * RankTable.CELLS + RankTable.VALUES + 2 * place + series];
  }

  private double medianOf(int count) {
    Arrays.sort(scratch, 0, count);
    return scratch[(count - 1) / 2] + (scratch[count / 2] - scratch[(count - 1) / 2]) / 2;
  }
}

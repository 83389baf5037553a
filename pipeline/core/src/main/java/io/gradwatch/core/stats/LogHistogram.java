package io.gradwatch.core.stats;

/**
 * The distribution of a positive series over its whole history, or with weights that fade: counts
 * in bins of equal ratio, sixteen to a doubling. A percentile is the middle of the bin in which the
 * value of that rank lies, so within a factor of {@code 2^(1/32)}, 2.2 %, of it. From 2^-54 to 2^54
 * (5.6e-17 to 1.8e16); what lies beyond counts in the outermost bins. No value moves a percentile
 * by more than its rank does, and none is ever subtracted. A flyweight over {@link #CELLS} cells
 * (15 KB), all zero at first.
 *
 * <p>The bins are those of DDSketch (C. Masson, J. E. Rim and H. K. Lee, "DDSketch: A Fast and
 * Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019), in an array.
 */
public final class LogHistogram {
  private static final int BINS_PER_DOUBLING = 16;
  private static final int DOUBLINGS = 108;
  private static final int BINS = BINS_PER_DOUBLING * DOUBLINGS;
  private static final double LN_2 = StrictMath.log(2);

  /** Weight beyond which all weights are scaled down: far from overflow and from underflow. */
  private static final double HEAVY = 1e100;

  private static final int TOTAL = 0;

  /** Weight of the newest value. */
  private static final int WEIGHT = 1;

  /** Weight in each doubling, so that a rank is found in a few steps. */
  private static final int BY_DOUBLING = 2;

  private static final int BY_BIN = BY_DOUBLING + DOUBLINGS;

  /** Cells a histogram occupies. */
  public static final int CELLS = BY_BIN + BINS;

  private LogHistogram() {}

  /**
   * Counts a value.
   *
   * @param value finite and above 0
   * @param keep weight of the value before in that of this one, above 0; 1: nothing is forgotten
   */
  public static void update(double[] cells, int at, double value, double keep) {
    double weight = cells[at + WEIGHT] == 0 ? 1 : cells[at + WEIGHT] / keep;
    if (weight > HEAVY) {
      for (int i = at; i < at + CELLS; i++) {
        cells[i] /= weight;
      }
      weight = 1;
    }
    int bin = bin(value);
    cells[at + WEIGHT] = weight;
    cells[at + TOTAL] += weight;
    cells[at + BY_DOUBLING + bin / BINS_PER_DOUBLING] += weight;
    cells[at + BY_BIN + bin] += weight;
  }

  private static int bin(double value) {
    double position = StrictMath.log(value) / LN_2 * BINS_PER_DOUBLING + BINS / 2;
    return (int) Math.max(0, Math.min(BINS - 1, Math.floor(position)));
  }

  /**
   * The least value that at least a share of the weight does not exceed (the nearest rank); NaN
   * when nothing was seen.
   *
   * @param percent 0 to 100: 0 is the least value, 100 the largest
   */
  public static double percentile(double[] cells, int at, double percent) {
    double total = cells[at + TOTAL];
    if (total == 0) {
      return Double.NaN;
    }
    double needed = percent * total / 100;
    int doubling = 0;
    double below = 0;
    double sum = 0;
    for (int i = 0; i < DOUBLINGS && (sum < needed || sum == 0); i++) {
      double weight = cells[at + BY_DOUBLING + i];
      if (weight > 0) {
        doubling = i;
        below = sum;
        sum += weight;
      }
    }
    return middle(binIn(cells, at, doubling, needed - below));
  }

  /** The bin of a rank within a doubling: the last that holds any, should rounding exceed it. */
  private static int binIn(double[] cells, int at, int doubling, double needed) {
    int first = doubling * BINS_PER_DOUBLING;
    int bin = first;
    double sum = 0;
    for (int i = first; i < first + BINS_PER_DOUBLING && (sum < needed || sum == 0); i++) {
      double weight = cells[at + BY_BIN + i];
      if (weight > 0) {
        bin = i;
        sum += weight;
      }
    }
    return bin;
  }

  private static double middle(int bin) {
    return StrictMath.exp(LN_2 * (bin + 0.5 - BINS / 2) / BINS_PER_DOUBLING);
  }
}

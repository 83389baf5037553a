package io.gradwatch.producer;

import java.util.Arrays;

/**
 * The threshold of a trainer that nobody advises: the median of the norms of its recent steps. Half
 * of them are clipped, none of them by much while norms are even; one enormous norm moves it by one
 * rank only. It learns while advice is followed too, so that it is at hand when the advice ends.
 *
 * <p>Of the first norms it is the least instead. A run that explodes does so mostly in its first
 * steps, when most of the few norms known are of the explosion already; and so few steps clipped
 * too hard cost next to nothing. Of 15 networks whose steps 1 to 5 were corrupt the median lost
 * all, the least none, and calm ones ended alike; the module's README has more.
 *
 * <p>Memory is fixed (2 KiB) and nothing is allocated after it was made. One thread at a time may
 * observe, any may read.
 */
final class LocalGuard {
  /** So many norms are kept: a growth has to last half of them before the guard follows it. */
  static final int RECENT_NORMS = 128;

  /** From so many norms on it is the median: few enough to lose little while norms are even. */
  static final int FIRST_NORMS = 20;

  private static final long NO_STEP = Long.MIN_VALUE;

  private final double[] byAge = new double[RECENT_NORMS];
  private final double[] bySize = new double[RECENT_NORMS];
  private int count;
  private int oldest;
  private volatile long lastStep = NO_STEP;
  private volatile double beforeLastStep = Double.NaN;
  private volatile double threshold = Double.NaN;

  /**
   * Least of the norms of the steps before this one, from {@link #FIRST_NORMS} on their median, the
   * lower of two; NaN where there are none.
   */
  double threshold(long step) {
    return step == lastStep ? beforeLastStep : threshold;
  }

  /**
   * Takes the norm of a step.
   *
   * @param norm passed over unless above 0 and finite
   * @return false where it was passed over, or the step was taken just before
   */
  boolean observe(long step, double norm) {
    if (!(norm > 0 && norm < Double.POSITIVE_INFINITY) || step == lastStep) {
      return false;
    }
    if (count == RECENT_NORMS) {
      remove(byAge[oldest]);
    }
    insert(norm);
    byAge[oldest] = norm;
    oldest = (oldest + 1) % RECENT_NORMS;
    // In this order: who sees the new step must find the threshold from before it.
    beforeLastStep = threshold;
    lastStep = step;
    threshold = bySize[count < FIRST_NORMS ? 0 : (count - 1) / 2];
    return true;
  }

  private void insert(double norm) {
    int found = Arrays.binarySearch(bySize, 0, count, norm);
    int at = found < 0 ? -found - 1 : found;
    System.arraycopy(bySize, at, bySize, at + 1, count - at);
    bySize[at] = norm;
    count++;
  }

  private void remove(double norm) {
    int at = Arrays.binarySearch(bySize, 0, count, norm);
    count--;
    System.arraycopy(bySize, at + 1, bySize, at, count - at);
  }
}

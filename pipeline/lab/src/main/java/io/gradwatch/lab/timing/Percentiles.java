package io.gradwatch.lab.timing;

import java.util.Arrays;

/** Order statistics of some durations, by nearest rank: each is one that was measured. */
public final class Percentiles {
  private final long[] sorted;

  private Percentiles(long[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Of any number of values above 0.
   *
   * @throws IllegalArgumentException when there is none: nothing was measured
   */
  public static Percentiles of(long[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured: 0 values, needs at least 1");
    }
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Percentiles(sorted);
  }

  /**
   * The least value that at least this share of the values does not exceed.
   *
   * @param share above 0, at most 1
   */
  public long at(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", must be above 0 and at most 1");
    }
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  public long largest() {
    return sorted[sorted.length - 1];
  }

  public int count() {
    return sorted.length;
  }
}

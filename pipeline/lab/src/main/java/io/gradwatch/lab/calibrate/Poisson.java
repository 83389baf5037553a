package io.gradwatch.lab.calibrate;

/** Rates of rare events. */
final class Poisson {
  private static final double Z = 1.959964;

  private Poisson() {}

  /**
   * Lower end of the 95 % interval of the mean of a count: Byar's approximation of the exact one
   * (Breslow &amp; Day 1987, II, p. 69), within 10 % of it from a count of 2 on.
   */
  static double lower(long count) {
    return count == 0 ? 0 : byar((double) count, -Z);
  }

  /** Upper end of that interval, within 1 % of the exact one. */
  static double upper(long count) {
    return byar(count + 1.0, Z);
  }

  private static double byar(double count, double z) {
    double root = 1 - 1 / (9 * count) + z / (3 * Math.sqrt(count));
    return count * root * root * root;
  }

  /**
   * A line through the logarithms of rates.
   *
   * @param intercept ln(rate) where x is 0
   * @param slope growth of ln(rate) with x
   * @param slopeError its standard error
   */
  record Line(double intercept, double slope, double slopeError) {}

  /**
   * Fits ln(rate) = intercept + slope x by maximum likelihood, so that a count of 0 counts too.
   *
   * @param x where each count was taken
   * @param exposure steps in which each count was taken, the same for all
   * @return NaN throughout when fewer than two places have a count
   */
  static Line fit(double[] x, long[] counts, double exposure) {
    double total = 0;
    double centre = 0;
    int places = 0;
    for (int i = 0; i < x.length; i++) {
      total += (double) counts[i];
      centre += (double) counts[i] * x[i];
      places += counts[i] > 0 ? 1 : 0;
    }
    if (places < 2) {
      return new Line(Double.NaN, Double.NaN, Double.NaN);
    }
    centre /= total;
    // The mean of x under weights exp(slope x) rises with the slope: halve the interval.
    double low = -STEEPEST;
    double high = STEEPEST;
    while (high - low > 1e-9) {
      double middle = (low + high) / 2;
      if (moments(x, middle)[1] < centre) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double[] moments = moments(x, low);
    return new Line(
        Math.log(total / exposure / moments[0]), low, 1 / Math.sqrt(total * moments[2]));
  }

  /** Steepest slope looked for. */
  private static final double STEEPEST = 300;

  /** Sum of the weights exp(slope x), and mean and variance of x under them. */
  private static double[] moments(double[] x, double slope) {
    double sum = 0;
    double first = 0;
    double second = 0;
    for (double place : x) {
      double weight = Math.exp(slope * place);
      sum += weight;
      first += weight * place;
      second += weight * place * place;
    }
    double mean = first / sum;
    return new double[] {sum, mean, second / sum - mean * mean};
  }
}

package io.gradwatch.core.signal;

/**
 * Distribution of |gradient| over powers of two.
 *
 * @param minExponent exponent of the lowest bucket: {@code counts[i]} holds components with {@code
 *     2^(minExponent+i) <= |g| < 2^(minExponent+i+1)}
 * @param counts components in each bucket; owned by this record
 * @param zeros components that are exactly 0
 * @param nonfinite components that are NaN or infinite
 */
public record Log2Histogram(int minExponent, long[] counts, long zeros, long nonfinite) {
  /** Components that lie above the highest edge, so that its logarithm is finite. */
  private static final double LEAST = 0.5;

  private static final double LN_2 = StrictMath.log(2);

  /**
   * Binary logarithm of what the largest components exceed, those that are 0 or not finite left
   * out. Within a bucket the logarithm of their number is taken to fall in a straight line, as
   * tails do. NaN when there are none.
   *
   * @param share of the components, above 0 and below 1
   */
  public double log2Exceeded(double share) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    if (total == 0) {
      return Double.NaN;
    }
    double sought = Math.max(share * total, LEAST);
    double above = 0;
    int bucket = counts.length - 1;
    while (bucket > 0 && above + counts[bucket] < sought) {
      above += counts[bucket];
      bucket--;
    }
    double upper = Math.max(above, LEAST);
    double lower = above + counts[bucket];
    return minExponent + bucket + StrictMath.log(lower / sought) / StrictMath.log(lower / upper);
  }

  /**
   * Binary logarithm of the bound at which clipping each component shrinks the L2 norm by a ratio,
   * over that norm; of the largest component over the norm where the ratio is 1 or more. Components
   * count as the middle of their bucket, in the logarithm. NaN when there are none above 0.
   *
   * <p>What is lost by clipping n components of size m at v is n (m^2 - v^2) of the squared norm;
   * from the highest bucket down this is a sum of positive terms.
   *
   * @param ratio above 0
   */
  public double log2BoundOverNorm(double ratio) {
    int top = counts.length - 1;
    while (top >= 0 && counts[top] == 0) {
      top--;
    }
    if (top < 0) {
      return Double.NaN;
    }
    double square = 0;
    for (int i = 0; i <= top; i++) {
      square += counts[i] * Math.scalb(1.0, 2 * (i - top));
    }
    if (ratio >= 1) {
      return -StrictMath.log(square) / (2 * LN_2);
    }
    double lost = (1 - ratio * ratio) * square;
    double tail = 0;
    double tailSquare = 0;
    int bucket = top;
    do {
      tail += counts[bucket];
      tailSquare += counts[bucket] * Math.scalb(1.0, 2 * (bucket - top));
      bucket--;
    } while (bucket >= 0 && tailSquare - tail * Math.scalb(1.0, 2 * (bucket - top)) < lost);
    // Where little is left of the square, it is told apart from what is lost by rounding alone.
    double bound =
        bucket < 0
            ? ratio * ratio * square / tail
            : Math.max((tailSquare - lost) / tail, Math.scalb(1.0, 2 * (bucket - top)));
    return StrictMath.log(bound / square) / (2 * LN_2);
  }
}

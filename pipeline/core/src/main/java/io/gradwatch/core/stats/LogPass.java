package io.gradwatch.core.stats;

/**
 * {@link NaturalLog} of many floats, the same to the last bit: what takes bits apart in one loop,
 * and then the arithmetic in loops without a branch, short enough for Java's compiler to make them
 * into instructions over as many numbers as a register holds (see {@link TrendPass}). The few
 * numbers that need another formula are computed again by themselves.
 *
 * <p>Room for what is computed on the way, used again; not safe for use by several threads at once.
 */
public final class LogPass {
  /** Numbers at a time: what one loop leaves the next one finds in the fastest cache. */
  private static final int BLOCK = 128;

  /** Bits of the least float with all its digits, of 1 and of infinity. */
  private static final int NORMAL = 0x00800000;

  private static final int ONE = 0x3f800000;
  private static final int NOT_FINITE = 0x7f800000;

  /** Exponent of a float, and what takes a fraction from sqrt(2) on to the next one. */
  private static final int EXPONENT = 0xff800000;

  private static final int BEYOND_SQRT_2 = NaturalLog.BEYOND_SQRT_2 << 3;
  private static final int BIAS = 127;

  /** Where f is so near 0 that {@link NaturalLog} takes another formula: from, and up to. */
  private static final int NEAR_ONE_FROM = -16;

  private static final int NEAR_ONE_TO = 8;

  /** f from which on, and below which, x lies in the middle of an octave. */
  private static final double MIDDLE_FROM = 0x6147ap-20;

  private static final double MIDDLE_TO = (0x6b852p-20 - 1) / 2;

  /** Less than what two different f differ by, and large enough to make that more than 1. */
  private static final double LESS = 0x1p-30;

  private static final double STEEP = 0x1p40;

  /** x = 2^k (1 + f). At first the bits of the exponent, and 1 + f; {@link #divide} makes both. */
  private final double[] k = new double[BLOCK];

  private final double[] f = new double[BLOCK];

  /** s = f / (2 + f). */
  private final double[] s = new double[BLOCK];

  /** 1 where x lies in the middle of an octave, far from powers of two, else 0. */
  private final double[] far = new double[BLOCK];

  private final double[] rest = new double[BLOCK];

  /**
   * ln of each value; NaN below 0, minus infinity at 0.
   *
   * @param logs of the same length or longer
   */
  public void of(float[] values, double[] logs) {
    for (int from = 0; from < values.length; from += BLOCK) {
      int count = Math.min(BLOCK, values.length - from);
      boolean anyIsOdd = takeApart(values, from, count);
      divide(count);
      approximate(count);
      findFar(count);
      choose(count);
      System.arraycopy(rest, 0, logs, from, count);
      if (anyIsOdd) {
        redo(values, logs, from, count);
      }
    }
  }

  /** True where any value needs {@link NaturalLog} itself. */
  private boolean takeApart(float[] values, int from, int count) {
    double[] ks = k;
    double[] fs = f;
    int odd = 0;
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(values[from + i]);
      int exponent = exponent(bits);
      odd |= oddness(bits, exponent);
      ks[i] = exponent;
      fs[i] = Float.intBitsToFloat(bits - exponent + ONE);
    }
    return odd < 0;
  }

  /** That of the power of two that a float is nearest to, by factors. */
  private static int exponent(int bits) {
    return (bits + BEYOND_SQRT_2) & EXPONENT;
  }

  /** Below 0 where a float is not normal, positive and finite, or hardly differs from its power. */
  private static int oddness(int bits, int exponent) {
    int fromPower = bits - exponent;
    int nearOne = (fromPower - NEAR_ONE_TO) & ~(fromPower - NEAR_ONE_FROM);
    return (bits - NORMAL) | (NOT_FINITE - 1 - bits) | nearOne;
  }

  private void divide(int count) {
    double[] ks = k;
    double[] fs = f;
    double[] ss = s;
    for (int i = 0; i < count; i++) {
      double above = fs[i] - 1;
      ks[i] = ks[i] * 0x1p-23 - BIAS;
      fs[i] = above;
      ss[i] = above / (2 + above);
    }
  }

  private void approximate(int count) {
    double[] ss = s;
    double[] rs = rest;
    for (int i = 0; i < count; i++) {
      double z = ss[i] * ss[i];
      double w = z * z;
      rs[i] = NaturalLog.odd(z, w) + NaturalLog.even(w);
    }
  }

  private void findFar(int count) {
    double[] fs = f;
    double[] isFar = far;
    for (int i = 0; i < count; i++) {
      double above = fs[i] - (MIDDLE_FROM - LESS);
      double below = MIDDLE_TO - LESS - fs[i];
      isFar[i] = Math.min(1, Math.max(0, Math.max(above, below) * STEEP));
    }
  }

  /** Both formulas of {@link NaturalLog}, one times 1 and the other times 0, which is exact. */
  private void choose(int count) {
    double[] ks = k;
    double[] fs = f;
    double[] ss = s;
    double[] rs = rest;
    double[] isFar = far;
    for (int i = 0; i < count; i++) {
      double low = ks[i] * NaturalLog.LN2_LOW;
      double close = NaturalLog.close(fs[i], ss[i], rs[i], low);
      double farther = NaturalLog.far(fs[i], ss[i], rs[i], low);
      rs[i] = ks[i] * NaturalLog.LN2_HIGH - (farther * isFar[i] + close * (1 - isFar[i]));
    }
  }

  private static void redo(float[] values, double[] logs, int from, int count) {
    for (int i = from; i < from + count; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      if (oddness(bits, exponent(bits)) < 0) {
        logs[i] = NaturalLog.of(values[i]);
      }
    }
  }
}

package io.gradwatch.core.stats;

/**
 * The natural logarithm, bit for bit that of {@link StrictMath#log}, in a third of the time: that
 * one is called into native code until JDK 20, once for every norm of every layer.
 *
 * <p>The algorithm and its constants are those of fdlibm's {@code e_log.c}: x = 2^k (1 + f) with 1
 * + f within sqrt(2)/2 and sqrt(2), and ln(1 + f) from s = f / (2 + f) by a polynomial. Its notice:
 *
 * <p>Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
 * Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 */
public final class NaturalLog {
  static final double LN2_HIGH = 0x1.62e42feep-1;
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final double C1 = 0x1.5555555555593p-1;
  private static final double C2 = 0x1.999999997fa04p-2;
  private static final double C3 = 0x1.2492494229359p-2;
  private static final double C4 = 0x1.c71c51d8e78afp-3;
  private static final double C5 = 0x1.7466496cb03dep-3;
  private static final double C6 = 0x1.39a09d078c69fp-3;
  private static final double C7 = 0x1.2f112df3e5244p-3;
  private static final double THIRD = 1 / 3.0;

  /** Upper half of the least normal number, of infinity, and of 1. */
  private static final int NORMAL = 0x00100000;

  private static final int NOT_FINITE = 0x7ff00000;
  private static final int ONE = 0x3ff00000;
  private static final int FRACTION = 0x000fffff;

  /** Takes the upper half of a fraction that is sqrt(2) or more beyond {@link #FRACTION}. */
  static final int BEYOND_SQRT_2 = 0x95f64;

  /** Bits of the least float with all its digits, and of infinity. */
  private static final int NORMAL_FLOAT = 0x00800000;

  private static final int NOT_FINITE_FLOAT = 0x7f800000;

  /** Bits by which the fraction of a double is longer, and what its exponent is larger by. */
  private static final int WIDER_FRACTION = 29;

  private static final long WIDER_EXPONENT = (1023L - 127) << 52;

  /** Bits of 2^52, from which on doubles are whole numbers. */
  private static final long TWO_TO_52 = 0x4330000000000000L;

  private NaturalLog() {}

  /** ln(x); NaN below 0, minus infinity at 0. */
  public static double of(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int high = (int) (bits >> 32);
    return high < NORMAL || high >= NOT_FINITE ? StrictMath.log(x) : ofNormal(bits);
  }

  /**
   * The same of a float. Its bits are widened as whole numbers are: the processor's own conversion
   * waits for another register, as that of whole numbers does ({@link #ofNormal}).
   */
  public static double of(float x) {
    int bits = Float.floatToRawIntBits(x);
    return bits < NORMAL_FLOAT || bits >= NOT_FINITE_FLOAT
        ? StrictMath.log(x)
        : ofNormal(((long) bits << WIDER_FRACTION) + WIDER_EXPONENT);
  }

  /** Of the bits of a number that is above 0, finite and not too small for all its digits. */
  private static double ofNormal(long bits) {
    int high = (int) (bits >> 32);
    int fraction = high & FRACTION;
    int carry = (fraction + BEYOND_SQRT_2) & NORMAL; // 1 + f beyond sqrt(2) is halved
    // As cvtsi2sd keeps the other half of its register, it waits for whoever wrote that last: for
    // the logarithm before. Three times as slow, or not, as the compiler chose registers.
    double k = Double.longBitsToDouble(TWO_TO_52 + ((high + carry) >> 20)) - (0x1p52 + 1023);
    long halved = ((long) (fraction | (carry ^ ONE)) << 32) | (bits & 0xffffffffL);
    double f = Double.longBitsToDouble(halved) - 1;
    if ((FRACTION & (2 + fraction)) < 3) {
      return ofNearOne(f, k);
    }
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double r = odd(z, w) + even(w);
    // Which of the two lies nearer depends on the digits of x alone, which no processor guesses:
    // both are computed. A k of 0 adds and takes away nothing.
    double low = k * LN2_LOW;
    long isClose = -((((fraction - 0x6147a) | (0x6b851 - fraction)) - 1) >>> 31);
    long rest =
        (Double.doubleToRawLongBits(close(f, s, r, low)) & isClose)
            | (Double.doubleToRawLongBits(far(f, s, r, low)) & ~isClose);
    return k * LN2_HIGH - Double.longBitsToDouble(rest);
  }

  /** Odd terms of the polynomial in z = s^2; w = z^2. */
  static double odd(double z, double w) {
    return z * (C1 + w * (C3 + w * (C5 + w * C7)));
  }

  /** Its even terms. */
  static double even(double w) {
    return w * (C2 + w * (C4 + w * C6));
  }

  static double close(double f, double s, double r, double low) {
    return (s * (f - r) - low) - f;
  }

  static double far(double f, double s, double r, double low) {
    double half = 0.5 * f * f;
    return (half - (s * (half + r) + low)) - f;
  }

  /** Where f is below 2^-20. */
  private static double ofNearOne(double f, double k) {
    if (f == 0) {
      return k == 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    }
    double r = f * f * (0.5 - THIRD * f);
    return k == 0 ? f - r : k * LN2_HIGH - ((r - k * LN2_LOW) - f);
  }
}

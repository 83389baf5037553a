package io.gradwatch.core.alarm;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sentences for people, the same in every locale. What {@link String#format} would give, without
 * its parsing: advice is told every few dozen steps of every run of a fleet, and its sentence took
 * a third of the time of a step.
 */
public final class Words {
  /** Significant digits of a number. */
  private static final int DIGITS = 4;

  /** Least exponent that is written as a fraction, as {@code %g} does. */
  private static final int LEAST_PLAIN = -4;

  /** Numbers whose digits are found by arithmetic: at most 22 powers of ten from four digits. */
  private static final double LEAST_QUICK = 1e-15;

  private static final double MOST_QUICK = 1e15;

  /** Far more than arithmetic and the shortest decimal can stray. */
  private static final double NEAR_HALF = 1e-6;

  /** Least whole number with a digit too many. */
  private static final int BEYOND_DIGITS = 10_000;

  private static final double LOG10_OF_2 = 0.30102999566398120;

  private static final int UNSURE = Integer.MIN_VALUE;

  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private Words() {}

  /** A number as a person reads it: four significant digits, as {@code %.4g} writes them. */
  public static String number(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return String.format(Locale.ROOT, "%.4g", value);
    }
    char[] digits = new char[DIGITS];
    int exponent = roundQuickly(Math.abs(value), digits);
    if (exponent == UNSURE) {
      exponent = round(Double.toString(Math.abs(value)), digits);
    }
    StringBuilder out = new StringBuilder(12);
    if (value < 0) {
      out.append('-');
    }
    if (exponent >= DIGITS || exponent < LEAST_PLAIN) {
      out.append(digits[0]).append('.').append(digits, 1, DIGITS - 1);
      out.append('e').append(exponent < 0 ? '-' : '+');
      int size = Math.abs(exponent);
      return (size < 10 ? out.append('0') : out).append(size).toString();
    }
    if (exponent < 0) {
      return out.append("0.").append("000", 0, -1 - exponent).append(digits).toString();
    }
    out.append(digits, 0, exponent + 1);
    return exponent == DIGITS - 1
        ? out.toString()
        : out.append('.').append(digits, exponent + 1, DIGITS - 1 - exponent).toString();
  }

  /**
   * The first significant digits by arithmetic, which is three times as fast as the shortest
   * decimal and tells the same, unless that ends in or near a half.
   *
   * @param digits taken here
   * @return the power of ten of the first digit; {@link #UNSURE} where it takes {@link #round}
   */
  private static int roundQuickly(double value, char[] digits) {
    if (value < LEAST_QUICK || value >= MOST_QUICK) {
      return UNSURE;
    }
    int exponent = (int) Math.floor(Math.getExponent(value) * LOG10_OF_2);
    double scaled = byTens(value, DIGITS - 1 - exponent);
    if (scaled >= BEYOND_DIGITS) {
      exponent++;
      scaled = byTens(value, DIGITS - 1 - exponent);
    }
    int whole = (int) scaled;
    double rest = scaled - whole;
    if (Math.abs(rest - 0.5) < NEAR_HALF) {
      return UNSURE;
    }
    whole += rest > 0.5 ? 1 : 0;
    if (whole == BEYOND_DIGITS) {
      whole /= 10;
      exponent++;
    }
    for (int i = DIGITS - 1; i >= 0; i--) {
      digits[i] = (char) ('0' + whole % 10);
      whole /= 10;
    }
    return exponent;
  }

  /** A value times a power of ten, as near as a double is: the powers up to 22 are exact. */
  private static double byTens(double value, int power) {
    return power >= 0 ? value * TENS[power] : value / TENS[-power];
  }

  /**
   * The first significant digits, the last of them rounded half up.
   *
   * @param shortest the shortest decimal that is read as the same number, above 0
   * @param digits taken here
   * @return the power of ten of the first digit
   */
  private static int round(String shortest, char[] digits) {
    Arrays.fill(digits, '0');
    int mark = shortest.indexOf('E');
    int end = mark < 0 ? shortest.length() : mark;
    int power = mark < 0 ? 0 : Integer.parseInt(shortest, mark + 1, shortest.length(), 10);
    int point = shortest.indexOf('.');
    int taken = 0;
    int exponent = 0;
    for (int i = 0; i < end; i++) {
      char digit = shortest.charAt(i);
      if (i == point || (taken == 0 && digit == '0')) {
        continue;
      }
      if (taken == 0) {
        exponent = power + (i < point ? point - 1 - i : point - i);
      }
      if (taken == DIGITS) {
        return digit >= '5' ? exponent + roundUp(digits) : exponent;
      }
      digits[taken++] = digit;
    }
    return exponent;
  }

  /** Adds one to the last digit; 1 when all were nines, so that the number has a digit more. */
  private static int roundUp(char[] digits) {
    for (int i = DIGITS - 1; i >= 0; i--) {
      if (digits[i] < '9') {
        digits[i]++;
        return 0;
      }
      digits[i] = '0';
    }
    digits[0] = '1';
    return 1;
  }

  /**
   * A sentence from a format and its parts.
   *
   * @param format as {@link String#format} takes it; quick where it holds no more than {@code %s},
   *     {@code %d} and {@code %%}
   * @throws java.util.IllegalFormatException when it asks for more parts, or for others
   */
  public static String sentence(String format, Object... parts) {
    StringBuilder out = new StringBuilder(format.length() + 16 * parts.length);
    int next = 0;
    int from = 0;
    for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
      out.append(format, from, at);
      char kind = at + 1 < format.length() ? format.charAt(at + 1) : ' ';
      if (kind == '%') {
        out.append('%');
      } else if (next < parts.length && isPlain(kind, parts[next])) {
        out.append(parts[next++]);
      } else {
        return String.format(Locale.ROOT, format, parts);
      }
      from = at + 2;
    }
    return out.append(format, from, format.length()).toString();
  }

  private static boolean isPlain(char kind, @Nullable Object part) {
    return kind == 's' || (kind == 'd' && (part instanceof Integer || part instanceof Long));
  }
}

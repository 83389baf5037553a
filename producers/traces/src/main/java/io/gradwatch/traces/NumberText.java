package io.gradwatch.traces;

/**
 * Numbers as recordings write them: decimal with optional exponent, and the words NaN, Inf and
 * Infinity in any case with an optional sign.
 *
 * <p>The result is the double nearest to the text, as {@link Double#parseDouble} gives: 1e400 is
 * infinity, 1e-320 a subnormal. Short numbers, nearly all of a recording, take an exact shortcut: a
 * mantissa of at most 2^53 times or over a power of ten of at most 10^22 is one rounding (W. D.
 * Clinger, How to read floating point numbers accurately, 1990).
 */
final class NumberText {
  static final String ALLOWED = "a number, NaN, Infinity, -Infinity or nothing";

  private static final long EXACT_MANTISSA = 1L << 53;
  private static final int MOST_DIGITS = 18;
  private static final int LARGEST_EXPONENT = 1_000_000;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private NumberText() {}

  static double parse(String text) {
    return parse(text.toCharArray(), 0, text.length());
  }

  /**
   * The number in {@code text[from, to)}.
   *
   * @throws NumberFormatException when it is none
   */
  static double parse(char[] text, int from, int to) {
    int i = from;
    boolean negative = i < to && text[i] == '-';
    if (i < to && (negative || text[i] == '+')) {
      i++;
    }
    if (i < to && Character.isLetter(text[i])) {
      return word(text, i, to, negative);
    }
    long mantissa = 0;
    int digits = 0;
    int exponent = 0;
    boolean any = false;
    boolean fraction = false;
    for (; i < to; i++) {
      char c = text[i];
      if (c >= '0' && c <= '9') {
        any = true;
        if (digits < MOST_DIGITS) {
          mantissa = mantissa * 10 + (c - '0');
          digits += mantissa == 0 ? 0 : 1;
          exponent -= fraction ? 1 : 0;
        } else {
          digits = MOST_DIGITS + 1;
        }
      } else if (c == '.' && !fraction) {
        fraction = true;
      } else {
        break;
      }
    }
    if (!any) {
      throw new NumberFormatException();
    }
    if (i < to) {
      exponent += exponent(text, i, to);
    }
    if (digits > MOST_DIGITS
        || mantissa > EXACT_MANTISSA
        || exponent >= POWERS_OF_TEN.length
        || exponent <= -POWERS_OF_TEN.length) {
      return Double.parseDouble(new String(text, from, to - from));
    }
    double value =
        exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent] : mantissa * POWERS_OF_TEN[exponent];
    return negative ? -value : value;
  }

  private static int exponent(char[] text, int from, int to) {
    int i = from;
    if (text[i] != 'e' && text[i] != 'E') {
      throw new NumberFormatException();
    }
    i++;
    boolean negative = i < to && text[i] == '-';
    if (i < to && (negative || text[i] == '+')) {
      i++;
    }
    if (i == to) {
      throw new NumberFormatException();
    }
    int exponent = 0;
    for (; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        throw new NumberFormatException();
      }
      exponent = Math.min(LARGEST_EXPONENT, exponent * 10 + (text[i] - '0'));
    }
    return negative ? -exponent : exponent;
  }

  private static double word(char[] text, int from, int to, boolean negative) {
    String word = new String(text, from, to - from);
    if (word.equalsIgnoreCase("nan")) {
      return Double.NaN; // always the same bits
    }
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    throw new NumberFormatException();
  }
}

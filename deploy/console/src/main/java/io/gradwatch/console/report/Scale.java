package io.gradwatch.console.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Values to places on paper.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}, above low
 * @param log true: equal ratios take equal room; both ends are positive then
 */
record Scale(double low, double high, boolean log, double from, double to) {
  private static final int MOST_TICKS = 7;
  private static final double[] STEPS = {1, 2, 5, 10};

  /** A scale of steps, from the left to the right. */
  static Scale steps(long first, long last, double left, double right) {
    return new Scale((double) first, Math.max((double) last, first + 1.0), false, left, right);
  }

  /**
   * A scale that holds values with a little room, upwards.
   *
   * @param values finite
   * @param wantsLog logarithmic where all values are positive
   */
  static Scale around(Extent values, boolean wantsLog, double bottom, double top) {
    boolean log = wantsLog && values.low() > 0;
    if (values.isEmpty()) {
      return new Scale(0, 1, false, bottom, top);
    }
    if (log) {
      double room = Math.max(0.05 * Math.log(values.high() / values.low()), 0.05);
      return new Scale(
          Math.max(values.low() * Math.exp(-room), Double.MIN_NORMAL),
          Math.min(values.high() * Math.exp(room), Double.MAX_VALUE),
          true,
          bottom,
          top);
    }
    double span = values.high() - values.low();
    double room = span > 0 ? 0.06 * span : Math.max(0.1 * Math.abs(values.high()), 1e-3);
    return new Scale(values.low() - room, values.high() + room, false, bottom, top);
  }

  /** Where a value lies. */
  double at(double value) {
    double share =
        log
            ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
            : (value - low) / (high - low);
    return from + share * (to - from);
  }

  /** Round values inside, at most {@value #MOST_TICKS} or so. */
  List<Double> ticks() {
    double decades = log ? Math.log10(high / low) : 0;
    return decades < 1.2 ? even() : decades(decades);
  }

  private List<Double> even() {
    double rough = (high - low) / MOST_TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double candidate : STEPS) {
      step = candidate * power;
      if (step >= rough) {
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (double i = Math.ceil(low / step); i * step <= high && ticks.size() < 50; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> decades(double decades) {
    int stride = (int) Math.ceil(decades / MOST_TICKS);
    List<Double> ticks = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(low));
    for (int exponent = first; exponent <= Math.log10(high); exponent++) {
      if (Math.floorMod(exponent, stride) == 0) {
        addWithin(ticks, Math.pow(10, exponent));
      }
      if (decades < 2.5) {
        addWithin(ticks, 2 * Math.pow(10, exponent), 5 * Math.pow(10, exponent));
      }
    }
    return ticks;
  }

  private void addWithin(List<Double> ticks, double... values) {
    for (double value : values) {
      if (value >= low && value <= high) {
        ticks.add(value);
      }
    }
  }
}

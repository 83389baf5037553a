package io.gradwatch.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A curve in one line of text, eight heights to a character. */
public final class Sparkline {
  private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
  private static final char GAP = ' ';

  /** Less than this between the lowest and the highest is no curve, but the last digits. */
  private static final double LEAST_SPAN = 1e-9;

  private Sparkline() {}

  /**
   * Draws values from the left to the right; of several that share a character, the largest.
   *
   * @param values null and what is not finite leaves a gap
   * @param columns most characters
   * @param logarithmic equal ratios get equal heights, where all values are positive
   */
  public static String of(List<@Nullable Float> values, int columns, boolean logarithmic) {
    List<@Nullable Float> shown = narrowed(values, columns);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Float value : shown) {
      if (value != null) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    boolean log = logarithmic && least > 0;
    StringBuilder line = new StringBuilder();
    for (Float value : shown) {
      line.append(value == null ? GAP : height(value, least, most, log));
    }
    return line.toString();
  }

  private static List<@Nullable Float> narrowed(List<@Nullable Float> values, int columns) {
    int size = Math.min(columns, values.size());
    List<@Nullable Float> shown = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Float largest = null;
      int end = (int) ((i + 1L) * values.size() / size);
      for (int at = (int) ((long) i * values.size() / size); at < end; at++) {
        Float value = values.get(at);
        boolean counts = value != null && Float.isFinite(value);
        if (counts && value != null && (largest == null || value > largest)) {
          largest = value;
        }
      }
      shown.add(largest);
    }
    return shown;
  }

  private static char height(double value, double least, double most, boolean log) {
    double span = log ? Math.log(most / least) : most - least;
    double above = log ? Math.log(value / least) : value - least;
    boolean flat = !(span > LEAST_SPAN * (log ? 1 : Math.max(Math.abs(most), Math.abs(least))));
    int top = HEIGHTS.length() - 1;
    return HEIGHTS.charAt(flat ? 0 : (int) Math.round(above / span * top));
  }
}

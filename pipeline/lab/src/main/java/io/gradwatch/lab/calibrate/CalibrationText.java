package io.gradwatch.lab.calibrate;

import io.gradwatch.core.alarm.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a calibration found, as tables. Rates are per million steps with their 95 % interval. */
final class CalibrationText {
  private static final double MILLION = 1e6;
  private static final List<Severity> TOLD = List.of(Severity.CRITICAL, Severity.WARNING);

  private CalibrationText() {}

  /** A line each kind and severity that came, and one for all pages and all warnings. */
  static List<String> byKind(AlarmCounts counts) {
    List<String> lines = new ArrayList<>();
    lines.add("| alarm | count | per million steps | 95 % | from runs |");
    lines.add("|---|---|---|---|---|");
    for (Severity severity : TOLD) {
      String word = severity == Severity.CRITICAL ? "page" : "warning";
      counts
          .of(severity)
          .forEach(
              (kind, count) ->
                  lines.add("| %s %s | %s | |".formatted(word, kind, rate(count, counts.steps()))));
      lines.add(
          "| **every %s** | %s | %d |"
              .formatted(
                  word,
                  rate(counts.total(severity), counts.steps()),
                  counts.runs(severity).size()));
    }
    return lines;
  }

  /** A line each family. */
  static List<String> byFamily(Map<String, AlarmCounts> families) {
    List<String> lines = new ArrayList<>();
    lines.add("| family | steps | pages | per million | 95 % | warnings | per million | 95 % |");
    lines.add("|---|---|---|---|---|---|---|---|");
    families.forEach(
        (family, counts) ->
            lines.add(
                "| %s | %,d | %s | %s |"
                    .formatted(
                        family,
                        counts.steps(),
                        rate(counts.total(Severity.CRITICAL), counts.steps()),
                        rate(counts.total(Severity.WARNING), counts.steps()))));
    return lines;
  }

  /** A line each factor, and what the rate of pages makes of them. */
  static List<String> byFactor(List<Double> factors, List<AlarmCounts> counts) {
    List<String> lines = new ArrayList<>();
    lines.add("| factor | pages | per million | 95 % | warnings | per million | 95 % |");
    lines.add("|---|---|---|---|---|---|---|");
    double[] x = new double[factors.size()];
    long[] pages = new long[factors.size()];
    for (int i = 0; i < x.length; i++) {
      AlarmCounts found = counts.get(i);
      x[i] = factors.get(i);
      pages[i] = found.total(Severity.CRITICAL);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %.2f | %s | %s |",
              x[i],
              rate(pages[i], found.steps()),
              rate(found.total(Severity.WARNING), found.steps())));
    }
    Poisson.Line line = Poisson.fit(x, pages, (double) counts.get(0).steps());
    lines.add("");
    lines.add(
        Double.isNaN(line.slope())
            ? "Too few pages to say how their rate follows the factor."
            : String.format(
                Locale.ROOT,
                "ln(pages per step) = %.2f %+.2f factor (standard error %.2f): the factor grows by"
                    + " %.3f with ln(interval), and 1 stands for a page in %,.0f steps.",
                line.intercept(),
                line.slope(),
                line.slopeError(),
                -1 / line.slope(),
                Math.exp(-line.intercept() - line.slope())));
    return lines;
  }

  private static String rate(long count, long steps) {
    double scale = MILLION / steps;
    return String.format(
        Locale.ROOT,
        "%d | %.2f | %.2f to %.2f",
        count,
        count * scale,
        Poisson.lower(count) * scale,
        Poisson.upper(count) * scale);
  }
}

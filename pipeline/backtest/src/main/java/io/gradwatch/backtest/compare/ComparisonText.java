package io.gradwatch.backtest.compare;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.core.alarm.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comparison in lines and as JSON. */
public final class ComparisonText {
  private static final String NOT_RAISED = "-";
  private static final Map<Severity, String> NAMES =
      Map.of(Severity.CRITICAL, "pages", Severity.WARNING, "warnings", Severity.INFO, "infos");

  private ComparisonText() {}

  /** A line for each alarm that is not raised alike, then the totals. */
  public static List<String> lines(AlarmComparison comparison) {
    List<String> lines = new ArrayList<>();
    int runColumns =
        comparison.changes().stream().mapToInt(change -> change.run().length()).max().orElse(0);
    String row = "%-" + Math.max("RUN".length(), runColumns) + "s  %-8s  %-25s  %9s  %9s";
    if (!comparison.changes().isEmpty()) {
      lines.add(row.formatted("RUN", "LEVEL", "KIND", "STEP IN A", "STEP IN B"));
    }
    for (AlarmChange change : comparison.changes()) {
      lines.add(
          row.formatted(
              change.run(),
              change.severity(),
              change.kind(),
              step(change.stepInA()),
              step(change.stepInB())));
    }
    if (!lines.isEmpty()) {
      lines.add("");
    }
    String total = "%-8s  %6s  %6s  %6s  %6s  %13s";
    lines.add(total.formatted("", "A", "B", "only A", "only B", "at other step"));
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      AlarmComparison.Totals totals = comparison.of(severity);
      lines.add(
          total.formatted(
              NAMES.get(severity),
              totals.inA(),
              totals.inB(),
              totals.onlyA(),
              totals.onlyB(),
              totals.moved()));
    }
    return lines;
  }

  /** Appends {@code "changes":[...],"totals":{...}}. */
  public static void json(StringBuilder out, AlarmComparison comparison) {
    out.append("\"changes\":[");
    String separator = "";
    for (AlarmChange change : comparison.changes()) {
      JsonText.string(out.append(separator).append("{\"run\":"), change.run());
      out.append(",\"kind\":\"").append(change.kind());
      out.append("\",\"severity\":\"").append(change.severity());
      out.append("\",\"step_a\":").append(change.stepInA());
      out.append(",\"step_b\":").append(change.stepInB()).append('}');
      separator = ",";
    }
    out.append("],\"totals\":{");
    separator = "";
    for (Severity severity : Severity.values()) {
      AlarmComparison.Totals totals = comparison.of(severity);
      out.append(separator).append('"').append(severity).append("\":{\"a\":").append(totals.inA());
      out.append(",\"b\":").append(totals.inB()).append(",\"only_a\":").append(totals.onlyA());
      out.append(",\"only_b\":").append(totals.onlyB());
      out.append(",\"at_other_step\":").append(totals.moved()).append('}');
      separator = ",";
    }
    out.append('}');
  }

  private static String step(@Nullable Long step) {
    return step == null ? NOT_RAISED : step.toString();
  }
}

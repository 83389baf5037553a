package io.gradwatch.cli.doctor;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.terminal.Style;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Findings for a person, what is worst last, or as JSON lines. */
public final class FindingsPrinter {
  private static final int MAX_SUBJECT_COLUMNS = 44;

  private final PrintWriter out;
  private final Style style;

  public FindingsPrinter(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** A table; below what is not as it should be, how it should be and what to do. */
  public void table(List<Finding> findings) {
    List<Finding> sorted =
        findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    int checks = width(sorted, Finding::check);
    int subjects = Math.min(MAX_SUBJECT_COLUMNS, width(sorted, Finding::subject));
    String row = "%-7s  %-" + Math.max(1, checks) + "s  %-" + Math.max(1, subjects) + "s  %s";
    for (Finding finding : sorted) {
      String text =
          row.formatted(
              word(finding.severity()),
              Style.harmless(finding.check()),
              Style.harmless(finding.subject()),
              Style.harmless(finding.found()));
      out.println(paint(finding.severity(), text));
      if (finding.severity() != Severity.OK) {
        detail("must be", finding.bound());
        detail("do", finding.remedy());
      }
    }
    out.printf(
        "%d problem(s), %d note(s), %d ok%n",
        count(findings, Severity.PROBLEM),
        count(findings, Severity.NOTE),
        count(findings, Severity.OK));
    out.flush();
  }

  /** One line of JSON each. */
  public void json(List<Finding> findings) {
    for (Finding finding : findings) {
      StringBuilder line = new StringBuilder("{\"check\":");
      JsonText.string(line, finding.check());
      text(line, "subject", finding.subject());
      text(line, "severity", word(finding.severity()));
      text(line, "found", finding.found());
      text(line, "bound", finding.bound());
      text(line, "remedy", finding.remedy());
      out.println(line.append('}'));
    }
    out.flush();
  }

  private void detail(String name, String text) {
    if (!text.isEmpty()) {
      out.println("         " + style.dim(name + ": ") + Style.harmless(text));
    }
  }

  private String paint(Severity severity, String text) {
    return switch (severity) {
      case OK -> text;
      case NOTE -> style.accent(text);
      case PROBLEM -> style.bad(text);
    };
  }

  private static void text(StringBuilder line, String name, String value) {
    JsonText.string(line.append(",\"").append(name).append("\":"), value);
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static int width(List<Finding> findings, Function<Finding, String> column) {
    return findings.stream().map(column).mapToInt(String::length).max().orElse(0);
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }
}

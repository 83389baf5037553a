package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.cli.terminal.Sparkline;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.cli.terminal.TextTable;
import io.gradwatch.cli.terminal.TextTable.Cell;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.SeriesPage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs side by side for a person: a column each, then curves over the same steps, then alarms. */
final class ComparisonText {
  private static final int NAME_COLUMNS = 14;
  private static final int MOST_CURVE_COLUMNS = 60;
  private static final List<String> STATISTICS =
      List.of("mean", "spread", "minimum", "maximum", "p50", "p99");

  private final PrintWriter out;
  private final Terminal terminal;
  private final Style style;

  ComparisonText(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
    this.style = terminal.outStyle();
  }

  void print(List<RunDetail> runs, List<SeriesPage> curves) {
    statistics(runs);
    curves(runs, curves, "loss", "Loss");
    curves(runs, curves, "grad_norm", "Gradient norm");
    alarms(runs);
    out.flush();
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  private void statistics(List<RunDetail> runs) {
    String[] names = new String[runs.size() + 1];
    names[0] = "";
    for (int i = 0; i < runs.size(); i++) {
      // A space before it stands the column to the right, where its numbers are.
      names[i + 1] = " " + Style.harmless(name(runs.get(i)));
    }
    TextTable table = new TextTable(names);
    row(table, runs, "state", run -> Figures.words(run.row().state().name()));
    row(table, runs, "step", run -> Figures.step(run.row().step()));
    row(table, runs, "clipping", run -> Figures.words(run.clipMode()));
    row(table, runs, "clip threshold", run -> Figures.number(run.row().appliedThreshold()));
    row(table, runs, "advised", run -> Figures.number(run.row().advisedThreshold()));
    row(table, runs, "steps clipped", run -> Figures.percent(run.row().clipShare()));
    row(table, runs, "attempts", run -> Integer.toString(run.attempts().size()));
    row(table, runs, "alarms", run -> Integer.toString(run.alarms().size()));
    row(table, runs, "loss", run -> Figures.number(run.row().loss()));
    STATISTICS.forEach(name -> row(table, runs, "  " + name, run -> statistic(run, "loss", name)));
    row(table, runs, "gradient norm", run -> Figures.number(run.row().gradNorm()));
    STATISTICS.forEach(
        name -> row(table, runs, "  " + name, run -> statistic(run, "grad_norm", name)));
    table.print(out, terminal);
  }

  private static void row(
      TextTable table, List<RunDetail> runs, String name, Function<RunDetail, String> value) {
    List<Cell> cells = new ArrayList<>();
    cells.add(TextTable.cell(name));
    runs.forEach(run -> cells.add(TextTable.cell(value.apply(run))));
    table.add(cells.toArray(Cell[]::new));
  }

  private static String statistic(RunDetail run, String series, String name) {
    Map<String, Object> all = run.statistics();
    Object value = all != null && all.get(series) instanceof Map<?, ?> of ? of.get(name) : null;
    if (value instanceof Number number) {
      return Figures.number(number.doubleValue());
    }
    return value instanceof String word ? word : "-";
  }

  /** All curves over the same steps, so that what stands under each other happened at once. */
  private void curves(List<RunDetail> runs, List<SeriesPage> pages, String series, String title) {
    List<AlignedCurve> curves = pages.stream().map(page -> AlignedCurve.of(page, series)).toList();
    long first = curves.stream().mapToLong(AlignedCurve::first).min().orElse(0);
    long last = curves.stream().mapToLong(AlignedCurve::last).max().orElse(0);
    if (last <= first) {
      return;
    }
    int columns = Math.min(MOST_CURVE_COLUMNS, terminal.columns() - NAME_COLUMNS - 24);
    out.println();
    out.println(
        style.bold(title)
            + style.dim(
                ", logarithmic, steps " + Figures.step(first) + " to " + Figures.step(last)));
    for (int i = 0; i < runs.size(); i++) {
      String name = Style.harmless(runs.get(i).row().run());
      String cut = name.length() <= NAME_COLUMNS ? name : name.substring(0, NAME_COLUMNS - 1) + "…";
      List<@Nullable Float> values = curves.get(i).values(first, last, columns);
      out.println(
          String.format(java.util.Locale.ROOT, "%-" + NAME_COLUMNS + "s  ", cut)
              + style.accent(Sparkline.of(values, columns, true))
              + style.dim("  " + range(values)));
    }
  }

  /** Each curve has a scale of its own, so its ends are told. */
  private static String range(List<@Nullable Float> values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Float value : values) {
      if (value != null) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return least > most ? "" : Figures.number(least) + " to " + Figures.number(most);
  }

  private void alarms(List<RunDetail> runs) {
    List<AlarmView> all = runs.stream().flatMap(run -> run.alarms().stream()).toList();
    out.println();
    if (all.isEmpty()) {
      out.println("no alarms");
    } else {
      AlarmsCommand.table(style, all).print(out, terminal);
    }
  }

  private static String name(RunDetail run) {
    RunRow row = run.row();
    return RunName.shortest(row.project(), row.run());
  }
}

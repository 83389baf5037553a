package io.gradwatch.cli.console;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.terminal.Sparkline;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunDetail.OverflowView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.SeriesPage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One look at a run, as lines that no terminal breaks. */
final class WatchFrame {
  private static final int LABEL = 10;
  private static final int VALUE = 11;
  private static final int MOST_ALARMS = 5;

  private final Terminal terminal;
  private final Style style;
  private final List<String> lines = new ArrayList<>();

  private WatchFrame(Terminal terminal) {
    this.terminal = terminal;
    this.style = terminal.outStyle();
  }

  /**
   * The lines.
   *
   * @param now time of this machine, milliseconds since 1970
   */
  static List<String> of(RunDetail run, SeriesPage series, Terminal terminal, long now) {
    WatchFrame frame = new WatchFrame(terminal);
    frame.head(run.row(), now);
    frame.curve("loss", run.row().loss(), AlignedCurve.of(series, "loss"));
    frame.curve("norm", run.row().gradNorm(), AlignedCurve.of(series, "grad_norm"));
    frame.thresholds(run.row());
    frame.overflow(run.row(), run.overflow());
    frame.alarms(run.alarms());
    return frame.lines;
  }

  /** Columns that a curve may take. */
  static int curveColumns(Terminal terminal) {
    return Math.max(10, Math.min(100, terminal.columns() - LABEL - VALUE - 2));
  }

  private void head(RunRow row, long now) {
    String state = Figures.words(row.state().name());
    StringBuilder rest = new StringBuilder("  step ").append(Figures.step(row.step()));
    if (row.plannedSteps() != null) {
      rest.append(" of ").append(Figures.step(row.plannedSteps()));
    }
    if (row.attempt() > 1) {
      rest.append(", attempt ").append(row.attempt());
    }
    if (row.stepsPerSecond() != null) {
      rest.append(", ").append(Figures.number(row.stepsPerSecond())).append(" steps/s");
    }
    String outcome = row.outcome();
    if (outcome == null) {
      rest.append(", ").append(Figures.ago(row.updatedAt(), now));
    } else if (!outcome.equals("UNKNOWN")) {
      rest.append(", ").append(Figures.words(outcome));
    }
    String name =
        cut(Style.harmless(RunName.shortest(row.project(), row.run())), terminal.columns() / 2);
    int room = terminal.columns() - name.length() - 2 - state.length();
    lines.add(
        style.bold(name)
            + "  "
            + Figures.paint(style, row.state(), state)
            + cut(rest.toString(), Math.max(0, room)));
  }

  private void curve(String name, @Nullable Double value, AlignedCurve curve) {
    int columns = curveColumns(terminal);
    String drawn =
        curve.steps().isEmpty()
            ? ""
            : Sparkline.of(curve.values(curve.first(), curve.last(), columns), columns, true);
    lines.add(label(name) + pad(Figures.number(value), VALUE) + "  " + style.accent(drawn));
  }

  private void thresholds(RunRow row) {
    if (row.advisedThreshold() == null && row.appliedThreshold() == null) {
      return;
    }
    String text =
        "advised "
            + Figures.number(row.advisedThreshold())
            + ", applied "
            + Figures.number(row.appliedThreshold())
            + (row.adviceUse().equals("UNKNOWN") ? "" : " (" + Figures.words(row.adviceUse()) + ")")
            + clipped(row);
    lines.add(label("clip at") + cut(Style.harmless(text), terminal.columns() - LABEL));
  }

  private static String clipped(RunRow row) {
    if (row.clipShare() != null) {
      return "; " + Figures.percent(row.clipShare()) + " of recent steps clipped";
    }
    return row.adviceClipShare() == null
        ? ""
        : "; it would clip " + Figures.percent(row.adviceClipShare()) + " of recent steps";
  }

  private void overflow(RunRow row, @Nullable OverflowView overflow) {
    if (overflow == null) {
      return;
    }
    double gone = row.step() - overflow.atStep();
    Double seconds = overflow.seconds();
    Double doubling = overflow.doublingSteps();
    String text =
        "in about "
            + Counted.of(Math.round(Math.max(0, overflow.steps() - gone)), "step")
            + (seconds == null ? "" : ", " + Figures.duration(seconds))
            + (overflow.low() == null || overflow.high() == null
                ? ""
                : " (between "
                    + Figures.step(Math.round(Math.max(0, overflow.low() - gone)))
                    + " and "
                    + Figures.step(Math.round(Math.max(0, overflow.high() - gone)))
                    + ")")
            + (doubling == null ? "" : "; doubles every " + Figures.number(doubling) + " steps");
    lines.add(label("overflow") + style.bad(cut(text, terminal.columns() - LABEL)));
  }

  private void alarms(List<AlarmView> alarms) {
    lines.add("");
    if (alarms.isEmpty()) {
      lines.add(style.dim("no alarms"));
      return;
    }
    StringWriter text = new StringWriter();
    AlarmsCommand.table(style, alarms.subList(0, Math.min(MOST_ALARMS, alarms.size())))
        .print(new PrintWriter(text), terminal);
    text.toString().lines().forEach(lines::add);
  }

  private String label(String text) {
    return style.dim(String.format(Locale.ROOT, "%-" + LABEL + "s", text));
  }

  private static String pad(String text, int columns) {
    return " ".repeat(Math.max(0, columns - text.length())) + text;
  }

  private static String cut(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, Math.max(0, columns - 1)) + "…";
  }
}

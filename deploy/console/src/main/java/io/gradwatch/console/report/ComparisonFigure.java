package io.gradwatch.console.report;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.SeriesPage.AttemptSeries;
import io.gradwatch.console.report.Canvas.Anchor;
import io.gradwatch.console.report.Canvas.Lettering;
import io.gradwatch.console.report.Canvas.Pen;
import java.util.List;

/** Several runs over the same steps: loss, gradient norm, and when each was alarmed. */
final class ComparisonFigure implements Figure {
  private static final double HEADER = 62;
  private static final double NO_HEADER = 8;
  private static final double PLOT = 270;
  private static final double GAP = 58;
  private static final double LANE = 22;

  private final List<RunReportData> runs;
  private final double begin;
  private final Scale x;

  /**
   * @param headed true: says what it is, for a drawing that stands alone
   */
  ComparisonFigure(List<RunReportData> runs, boolean headed) {
    this.runs = runs;
    this.begin = headed ? HEADER : NO_HEADER;
    this.x = Steps.scale(runs);
  }

  private double lanes() {
    return begin + Legend.ROW * runs.size() + 34;
  }

  @Override
  public double height() {
    return lanes() + LANE * runs.size() + 2 * (PLOT + GAP) + 8;
  }

  @Override
  public String title() {
    return "Loss and gradient norm of " + runs.size() + " runs by step";
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.fill(0, 0, WIDTH, height(), Ink.PAPER);
    if (begin == HEADER) {
      header(canvas);
    }
    for (int i = 0; i < runs.size(); i++) {
      new Legend(canvas, 24, begin + 16 + i * Legend.ROW)
          .line(Markup.shorten(runs.get(i).name(), 130), Ink.ofRun(i), 0);
    }
    alarms(canvas, lanes());
    double top = lanes() + LANE * runs.size() + 34;
    boolean logLoss = runs.stream().noneMatch(run -> hasNonPositive(run));
    curves(canvas, top, RunFigure.LOSS, logLoss, "Loss");
    curves(canvas, top + PLOT + GAP, RunFigure.NORM, true, "Gradient norm");
  }

  private void header(Canvas canvas) {
    canvas.text(
        24, 32, runs.size() + " runs by step", new Lettering(20, Ink.TEXT, Anchor.START, true));
    canvas.text(
        24,
        51,
        "drawn " + Numbers.time(runs.get(0).madeAt().toEpochMilli()),
        Lettering.plain(13, Ink.QUIET, Anchor.START));
  }

  private static boolean hasNonPositive(RunReportData run) {
    return CurveDrawing.hasNonPositive(run.series().attempts(), RunFigure.LOSS);
  }

  private void alarms(Canvas canvas, double top) {
    canvas.text(Plot.LEFT, top, "Alarms", new Lettering(13, Ink.TEXT, Anchor.START, true));
    for (int i = 0; i < runs.size(); i++) {
      double y = top + 8 + i * LANE;
      canvas.fill(Plot.LEFT - 24, y + 2, 12, 12, Ink.ofRun(i));
      canvas.line(Plot.LEFT, y + 16, Plot.RIGHT, y + 16, Pen.solid(Ink.RULE, 1));
      long newest = runs.get(i).run().row().step();
      List<AlarmView> alarms = runs.get(i).run().alarms();
      for (String severity : List.of("INFO", "WARNING", "CRITICAL")) { // the gravest on top
        for (AlarmView alarm : alarms) {
          if (alarm.severity().equals(severity)) {
            double begin = x.at((double) alarm.onsetStep());
            double end = Math.max(begin + 3, x.at((double) AlarmLane.lastStep(alarm, newest)));
            canvas.fill(begin, y + 4, end - begin, 9, Ink.ofSeverity(severity).faint(0.75));
          }
        }
      }
    }
  }

  private void curves(Canvas canvas, double top, String name, boolean log, String title) {
    Extent extent = Extent.NONE;
    for (RunReportData run : runs) {
      Extent of = CurveDrawing.extent(run.series().attempts(), log, name);
      extent = new Extent(Math.min(extent.low(), of.low()), Math.max(extent.high(), of.high()));
    }
    Plot plot = new Plot(top, PLOT, x, Scale.around(extent, log, top + PLOT, top));
    plot.frame(canvas, title + (plot.y().log() ? ", logarithmic" : ""));
    plot.steps(canvas);
    canvas.clip(Plot.LEFT, top, Plot.RIGHT - Plot.LEFT, PLOT);
    CurveDrawing drawing = new CurveDrawing(canvas, plot);
    for (int i = 0; i < runs.size(); i++) {
      List<AttemptSeries> attempts = runs.get(i).series().attempts();
      drawing.draw(attempts, name, Ink.ofRun(i), 1.6);
      drawing.nonfinite(attempts, name);
    }
    canvas.endClip();
  }
}

package io.gradwatch.console.report;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.JudgementView;
import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.RunDetail.AttemptView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.SeriesPage.AttemptSeries;
import io.gradwatch.console.report.Canvas.Anchor;
import io.gradwatch.console.report.Canvas.Lettering;
import io.gradwatch.console.report.Canvas.Pen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run: its alarms, loss and gradient norm with thresholds, and its layers. */
final class RunFigure implements Figure {
  static final String LOSS = "loss";
  static final String NORM = "grad_norm";
  static final String APPLIED = "clip_threshold";
  static final String ADVISED = "advised_threshold";

  private static final Ink LOSS_INK = new Ink(0x1D4ED8);
  private static final Ink NORM_INK = new Ink(0x6D28D9);
  private static final Ink ADVISED_INK = new Ink(0x047857);
  private static final Ink APPLIED_INK = new Ink(0xC2640A);
  private static final double HEADER = 74;
  private static final double NO_HEADER = 20;
  private static final double PLOT = 230;
  private static final double GAP = 44;

  private final RunReportData data;
  private final List<AttemptSeries> attempts;
  private final Scale x;
  private final double begin;
  private final AlarmLane lane;
  private final @Nullable LayerPanel layers;

  /**
   * @param headed true: says which run it is, for a drawing that stands alone
   */
  RunFigure(RunReportData data, boolean headed) {
    this.data = data;
    this.begin = headed ? HEADER : NO_HEADER;
    this.attempts = data.series().attempts();
    this.x = Steps.scale(List.of(data));
    this.lane = new AlarmLane(data.run().alarms(), x, data.run().row().step());
    LayerMap map = data.layers();
    boolean hasLayers = map != null && !map.layers().isEmpty() && !map.steps().isEmpty();
    this.layers = hasLayers && map != null ? new LayerPanel(map, x) : null;
  }

  @Override
  public double height() {
    double curves = begin + Legend.ROW + lane.height() + 2 * (PLOT + GAP) + 10;
    return layers == null ? curves : curves + layers.height() + GAP;
  }

  @Override
  public String title() {
    return "Loss, gradient norm and layers of " + data.name();
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.fill(0, 0, WIDTH, height(), Ink.PAPER);
    if (begin == HEADER) {
      header(canvas);
    }
    double top = begin + Legend.ROW;
    lane.draw(canvas, top + 12);
    top += lane.height() + 30;
    boolean logLoss = !CurveDrawing.hasNonPositive(attempts, LOSS);
    Plot loss = plot(top, CurveDrawing.extent(attempts, logLoss, LOSS), logLoss);
    loss.frame(canvas, "Loss" + (loss.y().log() ? ", logarithmic" : ""));
    boolean gone = curves(canvas, loss, LOSS, LOSS_INK);
    top += PLOT + GAP;
    Plot norm = plot(top, CurveDrawing.extent(attempts, true, NORM, ADVISED, APPLIED), true);
    norm.frame(canvas, "Gradient norm, logarithmic");
    gone |= curves(canvas, norm, NORM, NORM_INK);
    legend(canvas, gone);
    if (layers == null) {
      norm.steps(canvas);
    } else {
      layers.draw(canvas, top + PLOT + GAP);
    }
  }

  private Plot plot(double top, Extent extent, boolean log) {
    return new Plot(top, PLOT, x, Scale.around(extent, log, top + PLOT, top));
  }

  private void header(Canvas canvas) {
    RunRow row = data.run().row();
    canvas.text(
        24, 32, Markup.shorten(data.name(), 90), new Lettering(20, Ink.TEXT, Anchor.START, true));
    String outcome = Numbers.outcome(row);
    String state = Numbers.words(row.state().name()) + (outcome.isEmpty() ? "" : ", " + outcome);
    canvas.text(
        24,
        53,
        state
            + " · step "
            + Numbers.step(row.step())
            + (row.attempt() > 1 ? " · attempt " + row.attempt() : "")
            + " · reported "
            + Numbers.time(row.updatedAt())
            + " · drawn "
            + Numbers.time(data.madeAt().toEpochMilli()),
        Lettering.plain(13, Ink.QUIET, Anchor.START));
  }

  private void legend(Canvas canvas, boolean gone) {
    Legend legend = new Legend(canvas, 24, begin + 4);
    legend.line("loss", LOSS_INK, 0).line("gradient norm", NORM_INK, 0);
    if (!CurveDrawing.extent(attempts, true, ADVISED).isEmpty()) {
      legend.line("clip threshold advised", ADVISED_INK, 5);
    }
    if (!CurveDrawing.extent(attempts, true, APPLIED).isEmpty()) {
      legend.line("applied", APPLIED_INK, 0);
    }
    if (data.run().alarms().stream().anyMatch(RunFigure::isShaded)) {
      legend.band("critical", Ink.CRITICAL.faint(0.14));
      legend.band("warning", Ink.WARNING.faint(0.14));
    }
    if (gone) {
      legend.dot("NaN or infinite", Ink.CRITICAL);
    }
    if (data.run().alarms().stream().anyMatch(alarm -> failure(alarm) != null)) {
      legend.line("lost, as judged", Ink.TEXT, 0);
    }
    if (attempts.size() > 1) {
      legend.line("next attempt", Ink.QUIET, 2);
    }
  }

  private boolean curves(Canvas canvas, Plot plot, String name, Ink ink) {
    canvas.clip(Plot.LEFT, plot.top(), Plot.RIGHT - Plot.LEFT, plot.height());
    episodes(canvas, plot);
    CurveDrawing drawing = new CurveDrawing(canvas, plot);
    drawing.draw(attempts, name, ink, 1.5);
    if (name.equals(NORM)) {
      drawing.drawHeld(attempts, APPLIED, APPLIED_INK, 1.5, 0);
      drawing.drawHeld(attempts, ADVISED, ADVISED_INK, 1.8, 5);
    }
    boolean gone = drawing.nonfinite(attempts, name);
    canvas.endClip();
    return gone;
  }

  private void episodes(Canvas canvas, Plot plot) {
    for (AlarmView alarm : data.run().alarms()) {
      if (isShaded(alarm)) {
        Ink ink = Ink.ofSeverity(alarm.severity());
        long last = AlarmLane.lastStep(alarm, data.run().row().step());
        plot.band(canvas, alarm.onsetStep(), last, ink.faint(0.10));
        plot.mark(canvas, alarm.onsetStep(), new Pen(ink, 1, 4));
      }
      Long failure = failure(alarm);
      if (failure != null) {
        plot.mark(canvas, failure, Pen.solid(Ink.TEXT, 1.5));
      }
    }
    List<AttemptView> all = data.run().attempts();
    for (int i = 1; i < all.size(); i++) {
      plot.mark(canvas, all.get(i).firstStep(), new Pen(Ink.QUIET, 1, 2));
    }
  }

  private static boolean isShaded(AlarmView alarm) {
    return !alarm.severity().equals("INFO");
  }

  private static @Nullable Long failure(AlarmView alarm) {
    JudgementView judgement = alarm.judgement();
    return judgement == null ? null : judgement.failureStep();
  }
}

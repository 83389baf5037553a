package io.gradwatch.console.report;

import io.gradwatch.console.report.Canvas.Anchor;
import io.gradwatch.console.report.Canvas.Lettering;
import io.gradwatch.console.report.Canvas.Pen;

/**
 * A frame in which values stand over steps.
 *
 * @param top its upper edge
 * @param height its height
 * @param x steps
 * @param y values
 */
record Plot(double top, double height, Scale x, Scale y) {
  /** Edges of every plot. */
  static final double LEFT = 150;

  static final double RIGHT = Figure.WIDTH - 28;

  private static final double LABEL = 11;

  /** The grid, the numbers beside it, and what it shows. */
  void frame(Canvas canvas, String title) {
    canvas.text(LEFT, top - 8, title, new Lettering(13, Ink.TEXT, Anchor.START, true));
    for (double value : y.ticks()) {
      double place = y.at(value);
      if (place >= top && place <= top + height) {
        canvas.line(LEFT, place, RIGHT, place, Pen.solid(Ink.RULE, 1));
        canvas.text(
            LEFT - 8,
            place + 4,
            Numbers.of(Math.abs(value) < 1e-12 * Math.abs(y.high()) ? 0.0 : value),
            Lettering.plain(LABEL, Ink.QUIET, Anchor.END));
      }
    }
    verticals(canvas);
    canvas.line(
        new double[] {LEFT, RIGHT, RIGHT, LEFT, LEFT},
        new double[] {top, top, top + height, top + height, top},
        Pen.solid(Ink.FRAME, 1));
  }

  private void verticals(Canvas canvas) {
    for (double step : x.ticks()) {
      canvas.line(x.at(step), top, x.at(step), top + height, Pen.solid(Ink.RULE, 1));
    }
  }

  /** The numbers of steps under the frame. */
  void steps(Canvas canvas) {
    double last = Double.NEGATIVE_INFINITY;
    for (double step : x.ticks()) {
      if (step == Math.rint(step) && x.at(step) - last > 40) {
        last = x.at(step);
        canvas.text(
            last,
            top + height + 17,
            Numbers.step(Math.round(step)),
            Lettering.plain(LABEL, Ink.QUIET, Anchor.MIDDLE));
      }
    }
    canvas.text(
        LEFT - 24, top + height + 17, "step", Lettering.plain(LABEL, Ink.QUIET, Anchor.END));
  }

  /** A band of steps, the whole height. */
  void band(Canvas canvas, long first, long last, Ink ink) {
    double begin = within(first);
    canvas.fill(begin, top, Math.max(1, within(last) - begin), height, ink);
  }

  /** A line at a step, the whole height. */
  void mark(Canvas canvas, long step, Pen pen) {
    canvas.line(within(step), top, within(step), top + height, pen);
  }

  private double within(long step) {
    return Math.min(RIGHT, Math.max(LEFT, x.at((double) step)));
  }
}

package io.gradwatch.console.report;

import io.gradwatch.console.api.SeriesPage.AttemptSeries;
import io.gradwatch.console.api.SeriesPage.Curve;
import io.gradwatch.console.report.Canvas.Pen;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws curves: what a stretch of steps holds as a band, its newest value as a line. */
final class CurveDrawing {
  private static final double BAND = 0.22;
  private static final double EARLIER_ATTEMPT = 0.38;

  private final Canvas canvas;
  private final Plot plot;

  CurveDrawing(Canvas canvas, Plot plot) {
    this.canvas = canvas;
    this.plot = plot;
  }

  /** One curve of all attempts, the earlier ones faint. */
  void draw(List<AttemptSeries> attempts, String name, Ink ink, double width) {
    draw(attempts, name, ink, new Shape(width, 0, false));
  }

  /** The same of a value that holds until the next one. */
  void drawHeld(List<AttemptSeries> attempts, String name, Ink ink, double width, double dash) {
    draw(attempts, name, ink, new Shape(width, dash, true));
  }

  /** How a curve is drawn; what is held has no band, and goes on level to the next value. */
  private record Shape(double width, double dash, boolean held) {}

  private void draw(List<AttemptSeries> attempts, String name, Ink ink, Shape shape) {
    for (int i = 0; i < attempts.size(); i++) {
      Curve curve = attempts.get(i).series().get(name);
      if (curve != null) {
        double opacity = i == attempts.size() - 1 ? 1 : EARLIER_ATTEMPT;
        draw(curve, ink.faint(opacity), shape);
      }
    }
  }

  private void draw(Curve curve, Ink ink, Shape shape) {
    int size = curve.steps().size();
    int begin = 0;
    for (int i = 0; i <= size; i++) {
      if (i == size || !isDrawn(curve.last().get(i))) {
        if (i > begin) {
          stretch(curve, begin, i, ink, shape);
        }
        begin = i + 1;
      }
    }
  }

  private void stretch(Curve curve, int begin, int end, Ink ink, Shape shape) {
    int size = end - begin;
    double[] xs = new double[size];
    double[] last = new double[size];
    double[] bandX = new double[2 * size];
    double[] bandY = new double[2 * size];
    for (int i = 0; i < size; i++) {
      int at = begin + i;
      xs[i] = plot.x().at(curve.steps().get(at).doubleValue());
      last[i] = y(curve.last().get(at), Double.NaN);
      bandX[i] = xs[i];
      bandX[2 * size - 1 - i] = xs[i];
      bandY[i] = y(curve.high().get(at), last[i]);
      bandY[2 * size - 1 - i] = y(curve.low().get(at), last[i]);
    }
    if (!shape.held()) {
      canvas.area(bandX, bandY, ink.faint(BAND * ink.opacity()));
    }
    if (size == 1) {
      canvas.dot(xs[0], last[0], 1.5, ink);
    } else {
      Pen pen = new Pen(ink, shape.width(), shape.dash());
      canvas.line(shape.held() ? held(xs, 1) : xs, shape.held() ? held(last, 0) : last, pen);
    }
  }

  /** Each value twice: places one further on than heights make level treads. */
  private static double[] held(double[] values, int ahead) {
    double[] twice = new double[2 * values.length - 1];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = values[(i + ahead) / 2];
    }
    return twice;
  }

  private double y(@Nullable Float value, double otherwise) {
    return isDrawn(value) && value != null ? plot.y().at(value) : otherwise;
  }

  private boolean isDrawn(@Nullable Float value) {
    return value != null && Float.isFinite(value) && (value > 0 || !plot.y().log());
  }

  /** Dots along the upper edge, at each step whose value was NaN or infinite. */
  boolean nonfinite(List<AttemptSeries> attempts, String name) {
    boolean any = false;
    for (AttemptSeries attempt : attempts) {
      Curve curve = attempt.series().get(name);
      for (long step : curve == null ? List.<Long>of() : curve.nonfinite()) {
        any = true;
        canvas.dot(plot.x().at((double) step), plot.top() + 6, 3, Ink.CRITICAL);
      }
    }
    return any;
  }

  /** Values of the curves, for a scale. */
  static Extent extent(List<AttemptSeries> attempts, boolean positive, String... names) {
    Extent extent = Extent.NONE;
    for (AttemptSeries attempt : attempts) {
      for (String name : names) {
        Curve curve = attempt.series().get(name);
        if (curve != null) {
          for (List<@Nullable Float> values :
              Arrays.asList(curve.low(), curve.high(), curve.last())) {
            extent = extent.with(values, positive);
          }
        }
      }
    }
    return extent;
  }

  /** True when any value of a curve is zero or below: no logarithm shows it. */
  static boolean hasNonPositive(List<AttemptSeries> attempts, String name) {
    return extent(attempts, false, name).low() <= 0;
  }
}

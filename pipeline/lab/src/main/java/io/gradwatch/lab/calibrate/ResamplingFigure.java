package io.gradwatch.lab.calibrate;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.plot.Svg;
import io.gradwatch.lab.plot.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A quiet run and below it one resampled from it, as long as it: they should look alike. */
final class ResamplingFigure {
  private static final double WIDTH = 1_100;
  private static final double HEIGHT = 150;
  private static final double GAP = 34;
  private static final double LEFT = 60;
  private static final String INK = "#1f2933";
  private static final String JOINT = "#f3d9c2";
  private static final String LINE = "#0b5fa5";

  private ResamplingFigure() {}

  /** The picture as SVG; joints are marked. */
  static String draw(QuietRun source, long seed, double meanBlock) {
    List<Observation> recorded = new ArrayList<>();
    double[] nothing = new double[source.columns().size()];
    for (int row = 0; row < source.rows(); row++) {
      recorded.add(source.step(row, row, nothing));
    }
    List<Observation> resampled = new ArrayList<>();
    List<Integer> joints = new ArrayList<>();
    ResampledRun run = new ResampledRun(source, seed, source.rows(), meanBlock);
    for (Observation next = run.next(); next != null; next = run.next()) {
      if (run.isJoint()) {
        joints.add(resampled.size());
      }
      resampled.add(next);
    }
    Svg svg = new Svg(WIDTH, 6 * (HEIGHT + GAP) + GAP);
    double top = GAP;
    List<String> names =
        List.of("loss", "norm of the gradient", "norm of the first layer's weights");
    List<ToDoubleFunction<Observation>> series =
        List.of(
            step -> step.get(Scalar.LOSS),
            step -> step.get(Scalar.GRAD_NORM),
            ResamplingFigure::firstWeight);
    for (int i = 0; i < names.size(); i++) {
      panel(svg, top, source.run() + ": ln " + names.get(i), recorded, List.of(), series.get(i));
      top += HEIGHT + GAP;
      panel(svg, top, "resampled: ln " + names.get(i), resampled, joints, series.get(i));
      top += HEIGHT + GAP;
    }
    return svg.finish();
  }

  private static double firstWeight(Observation step) {
    float[] norms = step.layers(LayerSeries.WEIGHT_NORM);
    return norms == null ? Double.NaN : norms[0];
  }

  private static void panel(
      Svg svg,
      double top,
      String title,
      List<Observation> steps,
      List<Integer> joints,
      ToDoubleFunction<Observation> series) {
    double[] x = new double[steps.size()];
    double[] y = new double[steps.size()];
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < y.length; i++) {
      x[i] = LEFT + i * (WIDTH - LEFT - 10) / y.length;
      y[i] = Math.log(series.applyAsDouble(steps.get(i)));
      least = Math.min(least, y[i]);
      most = Math.max(most, y[i]);
    }
    for (int joint : joints) {
      svg.line(x[joint], top, x[joint], top + HEIGHT, JOINT, 1);
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = top + HEIGHT * (most - y[i]) / Math.max(most - least, Double.MIN_NORMAL);
    }
    svg.polyline(x, y, LINE, 0.8);
    svg.text(LEFT, top - 6, Anchor.START, 13, INK, title);
    svg.text(LEFT - 6, top + 10, Anchor.END, 10, INK, number(most));
    svg.text(LEFT - 6, top + HEIGHT, Anchor.END, 10, INK, number(least));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}

package io.gradwatch.console.report;

import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.LayerMap.Onset;
import io.gradwatch.console.report.Canvas.Anchor;
import io.gradwatch.console.report.Canvas.Lettering;
import io.gradwatch.console.report.Canvas.Pen;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Layers over steps, the norm as colour; the layers of alarms numbered in their order. */
final class LayerPanel {
  private static final double MOST_HEIGHT = 380;
  private static final double MOST_ROW = 18;
  private static final double LEAST_LABEL_ROW = 12;
  private static final int MOST_NAME = 23;
  private static final int NOT_REPORTED = 0xF1F3F5;
  private static final int NONFINITE = 0xE11D74;
  private static final int MOST_ONSETS = 12;

  private final LayerMap map;
  private final Scale x;
  private final Extent extent;
  private final boolean log;

  LayerPanel(LayerMap map, Scale x) {
    this.map = map;
    this.x = x;
    this.log = !map.kind().equals("zeros");
    Extent values = log ? Extent.NONE : new Extent(0, 1);
    for (List<@Nullable Float> row : map.values()) {
      values = values.with(row, log);
    }
    this.extent = values;
  }

  double height() {
    return Math.min(MOST_HEIGHT, MOST_ROW * map.layers().size());
  }

  void draw(Canvas canvas, double top) {
    double height = height();
    Plot plot = new Plot(top, height, x, new Scale(0, 1, false, top + height, top));
    canvas.text(Plot.LEFT, top - 8, title(), new Lettering(13, Ink.TEXT, Anchor.START, true));
    ramp(canvas, top - 18);
    BufferedImage image = image();
    canvas.image(Plot.LEFT, top, Plot.RIGHT - Plot.LEFT, height, image);
    canvas.line(
        new double[] {Plot.LEFT, Plot.RIGHT, Plot.RIGHT, Plot.LEFT, Plot.LEFT},
        new double[] {top, top, top + height, top + height, top},
        Pen.solid(Ink.FRAME, 1));
    names(canvas, top, height);
    onsets(canvas, top, height);
    plot.steps(canvas);
  }

  private String title() {
    return switch (map.kind()) {
      case "weight" -> "Weight norm by layer";
      case "update" -> "Update norm by layer";
      case "zeros" -> "Share of zero gradients by layer";
      default -> "Gradient norm by layer";
    };
  }

  /** As wide as the paper, so that columns of unequal width stand where their steps are. */
  private BufferedImage image() {
    int width = (int) Math.round(Plot.RIGHT - Plot.LEFT);
    int rows = map.layers().size();
    BufferedImage image = new BufferedImage(width, rows, BufferedImage.TYPE_INT_RGB);
    int[] columns = columns(width);
    for (int row = 0; row < rows; row++) {
      List<@Nullable Float> values = map.values().get(row);
      for (int pixel = 0; pixel < width; pixel++) {
        int column = columns[pixel];
        image.setRGB(pixel, row, rgb(column < 0 ? null : values.get(column)));
      }
    }
    return image;
  }

  private int[] columns(int width) {
    List<Long> steps = map.steps();
    int[] columns = new int[width];
    double stride =
        steps.size() < 2 ? 1 : steps.get(steps.size() - 1) - steps.get(steps.size() - 2);
    double end = steps.get(steps.size() - 1) + stride;
    int column = -1;
    for (int pixel = 0; pixel < width; pixel++) {
      double step = x.low() + (pixel + 0.5) / width * (x.high() - x.low());
      while (column + 1 < steps.size() && steps.get(column + 1) <= step) {
        column++;
      }
      columns[pixel] = step < end ? column : -1;
    }
    return columns;
  }

  private int rgb(@Nullable Float value) {
    if (value == null) {
      return NOT_REPORTED;
    }
    return Float.isFinite(value) ? ColourRamp.rgb(share(value)) : NONFINITE;
  }

  private double share(double value) {
    if (log) {
      double span = Math.log(extent.high() / extent.low());
      return value <= 0 ? 0 : span > 0 ? Math.log(value / extent.low()) / span : 0.5;
    }
    return value;
  }

  private void ramp(Canvas canvas, double top) {
    double width = 180;
    double left = Plot.RIGHT - width - 70;
    for (int i = 0; i < 60; i++) {
      canvas.fill(
          left + i * width / 60, top, width / 60 + 0.5, 10, new Ink(ColourRamp.rgb(i / 59.0)));
    }
    boolean none = extent.isEmpty();
    Lettering type = Lettering.plain(11, Ink.QUIET, Anchor.END);
    canvas.text(left - 6, top + 9, none ? "–" : Numbers.of(extent.low()), type);
    canvas.text(
        left + width + 6,
        top + 9,
        none ? "–" : Numbers.of(extent.high()),
        Lettering.plain(11, Ink.QUIET, Anchor.START));
    canvas.fill(left - 190, top, 12, 10, new Ink(NONFINITE));
    canvas.text(
        left - 173, top + 9, "NaN or infinite", Lettering.plain(11, Ink.QUIET, Anchor.START));
  }

  private void names(Canvas canvas, double top, double height) {
    int rows = map.layers().size();
    double row = height / rows;
    int stride = (int) Math.max(1, Math.ceil(LEAST_LABEL_ROW / row));
    for (int i = 0; i < rows; i += stride) {
      canvas.text(
          Plot.LEFT - 8,
          top + (i + 0.5) * row + 3.5,
          Markup.tail(map.layers().get(i), MOST_NAME),
          Lettering.plain(10, Ink.QUIET, Anchor.END));
    }
  }

  private void onsets(Canvas canvas, double top, double height) {
    double row = height / map.layers().size();
    List<Onset> shown = map.onsets().subList(0, Math.min(MOST_ONSETS, map.onsets().size()));
    for (int i = shown.size() - 1; i >= 0; i--) { // the first ones above the others
      Onset onset = shown.get(i);
      double step = Math.min(Plot.RIGHT - 9, Math.max(Plot.LEFT + 9, x.at((double) onset.step())));
      double y = Math.min(top + height - 9, Math.max(top + 9, top + (onset.row() + 0.5) * row));
      canvas.dot(step, y, 8.5, Ink.PAPER);
      canvas.dot(step, y, 7.5, Ink.CRITICAL);
      canvas.text(
          step,
          y + 3.5,
          Integer.toString(onset.order()),
          new Lettering(10, Ink.PAPER, Anchor.MIDDLE, true));
    }
  }
}

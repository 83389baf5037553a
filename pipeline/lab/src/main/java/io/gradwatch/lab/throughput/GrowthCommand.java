package io.gradwatch.lab.throughput;

import io.gradwatch.lab.throughput.Growth.Axis;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code growth}. */
@Command(
    name = "growth",
    description =
        "Draws what a layer value costs against layers, runs and parallelism, from the lines of"
            + " throughput-grid: growth-layers.png, growth-runs.png, growth-parallelism.png.")
public final class GrowthCommand implements Callable<Integer> {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 450;

  /** Space above the most expensive point. */
  private static final double HEADROOM = 1.15;

  @Parameters(paramLabel = "IN.jsonl", description = "Lines of throughput-grid.")
  private Path in = Path.of("grid.jsonl");

  @Option(
      names = "--figures",
      paramLabel = "FOLDER",
      defaultValue = "${sys:lab.home:-.}/figures",
      description = "Where the pictures go. Default: figures of this module.")
  private Path figures = Path.of("figures");

  @Override
  public Integer call() throws IOException {
    Growth growth = new Growth(Files.readAllLines(in));
    for (Axis axis : Axis.values()) {
      Path file = figures.resolve("growth-" + axis.field() + ".png");
      BufferedImage image = BitmapEncoder.getBufferedImage(chart(growth, axis));
      if (!ImageIO.write(image, "png", file.toFile())) {
        throw new IOException("this Java writes no PNG: " + file);
      }
    }
    return 0;
  }

  private static XYChart chart(Growth growth, Axis axis) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title(growth, axis))
            .xAxisTitle(axis.field())
            .yAxisTitle("ns of processor time a layer value")
            .build();
    Map<String, SortedMap<Integer, Double>> costs = growth.costs(axis);
    costs.forEach(
        (name, points) ->
            chart.addSeries(
                name, new ArrayList<>(points.keySet()), new ArrayList<>(points.values())));
    double most =
        costs.values().stream()
            .flatMap(points -> points.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setXAxisLogarithmic(axis != Axis.PARALLELISM);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(HEADROOM * most);
    return chart;
  }

  private static String title(Growth growth, Axis axis) {
    List<String> fixed = new ArrayList<>();
    for (Axis other : Axis.values()) {
      if (other != axis) {
        fixed.add(String.format(Locale.ROOT, "%s %,d", other.field(), growth.fixed(other)));
      }
    }
    return "Cost of a layer value against " + axis.field() + " (" + String.join(", ", fixed) + ")";
  }
}

package io.gradwatch.console.report;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes reports. */
public final class Reports {
  /** Most runs that one comparison shows. */
  public static final int MAX_RUNS = 8;

  /**
   * The Content-Security-Policy that a report is content with: its own style, and pictures that it
   * carries. HTML reports also say it themselves, for when they are opened from a disk.
   */
  public static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private Reports() {}

  /**
   * The report of one run.
   *
   * @throws IllegalStateException when a PNG is asked for and Java finds no fonts on this machine
   */
  public static byte[] run(RunReportData data, ReportFormat format) {
    Figure figure = new RunFigure(data, format != ReportFormat.HTML);
    return switch (format) {
      case HTML -> bytes(new RunPage(data, svg(figure)).html());
      case SVG -> bytes(svg(figure));
      case PNG -> png(figure);
    };
  }

  /**
   * Several runs side by side.
   *
   * @param runs 2 to {@value #MAX_RUNS}
   * @throws IllegalStateException when a PNG is asked for and Java finds no fonts on this machine
   */
  public static byte[] comparison(List<RunReportData> runs, ReportFormat format) {
    if (runs.size() < 2 || runs.size() > MAX_RUNS) {
      throw new IllegalArgumentException(
          "runs to compare are " + runs.size() + ", they must be 2 to " + MAX_RUNS);
    }
    Figure figure = new ComparisonFigure(runs, format != ReportFormat.HTML);
    return switch (format) {
      case HTML -> bytes(new ComparisonPage(runs, svg(figure)).html());
      case SVG -> bytes(svg(figure));
      case PNG -> png(figure);
    };
  }

  private static String svg(Figure figure) {
    SvgCanvas canvas = new SvgCanvas(Figure.WIDTH, figure.height(), "figure", figure.title());
    figure.draw(canvas);
    return canvas.finish();
  }

  private static byte[] png(Figure figure) {
    try {
      PngCanvas canvas = new PngCanvas(Figure.WIDTH, figure.height());
      figure.draw(canvas);
      return canvas.finish();
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError | NullPointerException e) {
      // All four are ways in which Java 17 says that it found no font at all.
      throw new IllegalStateException(
          "no PNG without fonts on the console's machine: install fontconfig and a font such as"
              + " DejaVu, or take SVG",
          e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

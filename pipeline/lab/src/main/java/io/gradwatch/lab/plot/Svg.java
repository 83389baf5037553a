package io.gradwatch.lab.plot;

import java.util.Locale;

/** An SVG picture under construction; lengths in pixels, from the upper left corner. */
public final class Svg {
  /** Where a text begins, in relation to its point. */
  public enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder out = new StringBuilder();

  /** A white picture. */
  public Svg(double width, double height) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
            + " viewBox=\"0 0 %.0f %.0f\" font-family=\"DejaVu Sans, Verdana, sans-serif\">",
        width, height, width, height);
    rectangle(0, 0, width, height, "#ffffff");
  }

  /** A filled rectangle. */
  public void rectangle(double x, double y, double width, double height, String fill) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
        x, y, width, height, fill);
  }

  /** A straight line. */
  public void line(double x1, double y1, double x2, double y2, String stroke, double width) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, stroke, width);
  }

  /** A filled disc. */
  public void disc(double x, double y, double radius, String fill) {
    add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x, y, radius, fill);
  }

  /** The outline of a square that stands on a corner. */
  public void diamond(double x, double y, double radius, String stroke) {
    add(
        "<path d=\"M%.1f %.1f l%.1f %.1f l%.1f %.1f l%.1f %.1f z\" fill=\"none\" stroke=\"%s\""
            + " stroke-width=\"1.8\"/>",
        x, y - radius, radius, radius, -radius, radius, -radius, -radius, stroke);
  }

  /** A cross that stands on two feet. */
  public void cross(double x, double y, double radius, String stroke) {
    line(x - radius, y - radius, x + radius, y + radius, stroke, 1.8);
    line(x - radius, y + radius, x + radius, y - radius, stroke, 1.8);
  }

  /** A line through points; places where one is NaN stay open. */
  public void polyline(double[] x, double[] y, String stroke, double width) {
    StringBuilder path = new StringBuilder();
    boolean open = false;
    for (int i = 0; i < x.length; i++) {
      if (Double.isNaN(y[i])) {
        open = false;
      } else {
        path.append(String.format(Locale.ROOT, "%s%.1f %.1f", open ? "L" : "M", x[i], y[i]));
        open = true;
      }
    }
    add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"/>", path, stroke, width);
  }

  /** A line of text on its base line. */
  public void text(double x, double y, Anchor anchor, double size, String fill, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%.0f\" fill=\"%s\">%s</text>",
        x, y, anchor.name().toLowerCase(Locale.ROOT), size, fill, escaped(text));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The finished picture; nothing can be added after it. */
  public String finish() {
    return out.append("</svg>\n").toString();
  }
}

package io.gradwatch.console.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Draws as SVG 1.1, by attributes alone: no style, no script, no link. */
final class SvgCanvas implements Canvas {
  private static final String FONT =
      "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final String prefix;
  private int clips;

  /**
   * @param prefix of its ids, which are one document's with those of other drawings
   * @param title what it shows, for those who do not see it
   */
  SvgCanvas(double width, double height, String prefix, String title) {
    this.prefix = prefix;
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
    number("width", width).number("height", height);
    out.append(" viewBox=\"0 0 ").append(text(width)).append(' ').append(text(height));
    out.append("\" font-family=\"").append(Markup.escape(FONT)).append("\" role=\"img\"><title>");
    out.append(Markup.escape(title)).append("</title>\n");
  }

  /** The whole document. */
  String finish() {
    return out + "</svg>\n";
  }

  @Override
  public void fill(double x, double y, double width, double height, Ink ink) {
    out.append("<rect");
    number("x", x).number("y", y).number("width", width).number("height", height).ink("fill", ink);
    out.append("/>\n");
  }

  @Override
  public void dot(double x, double y, double radius, Ink ink) {
    out.append("<circle");
    number("cx", x).number("cy", y).number("r", radius).ink("fill", ink);
    out.append("/>\n");
  }

  @Override
  public void line(double[] xs, double[] ys, Pen pen) {
    out.append("<polyline fill=\"none\" stroke-linejoin=\"round\"");
    points(xs, ys).ink("stroke", pen.ink()).number("stroke-width", pen.width());
    if (pen.dash() > 0) {
      number("stroke-dasharray", pen.dash());
    }
    out.append("/>\n");
  }

  @Override
  public void area(double[] xs, double[] ys, Ink ink) {
    out.append("<polygon");
    points(xs, ys).ink("fill", ink);
    out.append("/>\n");
  }

  @Override
  public void text(double x, double y, String text, Lettering type) {
    out.append("<text");
    number("x", x).number("y", y).number("font-size", type.size()).ink("fill", type.ink());
    out.append(" text-anchor=\"").append(type.anchor().name().toLowerCase(Locale.ROOT)).append('"');
    if (type.bold()) {
      out.append(" font-weight=\"600\"");
    }
    out.append('>').append(Markup.escape(text)).append("</text>\n");
  }

  @Override
  public void image(double x, double y, double width, double height, BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all bytes", e);
    }
    out.append("<image preserveAspectRatio=\"none\" image-rendering=\"pixelated\"");
    number("x", x).number("y", y).number("width", width).number("height", height);
    out.append(" xlink:href=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(bytes.toByteArray()))
        .append("\"/>\n");
  }

  @Override
  public void clip(double x, double y, double width, double height) {
    String id = prefix + "-" + ++clips;
    out.append("<clipPath id=\"").append(id).append("\"><rect");
    number("x", x).number("y", y).number("width", width).number("height", height);
    out.append("/></clipPath><g clip-path=\"url(#").append(id).append(")\">\n");
  }

  @Override
  public void endClip() {
    out.append("</g>\n");
  }

  private SvgCanvas points(double[] xs, double[] ys) {
    out.append(" points=\"");
    for (int i = 0; i < xs.length; i++) {
      out.append(i == 0 ? "" : " ").append(text(xs[i])).append(',').append(text(ys[i]));
    }
    out.append('"');
    return this;
  }

  private SvgCanvas number(String name, double value) {
    out.append(' ').append(name).append("=\"").append(text(value)).append('"');
    return this;
  }

  private SvgCanvas ink(String name, Ink ink) {
    out.append(' ').append(name).append("=\"").append(ink.hex()).append('"');
    return ink.opacity() < 1 ? number(name + "-opacity", ink.opacity()) : this;
  }

  /** A hundredth of a pixel is enough for everybody. */
  private static String text(double value) {
    double rounded = Math.rint(value * 100) / 100;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}

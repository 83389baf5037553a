package io.gradwatch.console.report;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Draws as PNG, two pixels a unit. Needs no display, but fonts on the machine. */
final class PngCanvas implements Canvas {
  private static final double PIXELS_PER_UNIT = 2;

  private final BufferedImage image;
  private final Graphics2D graphics;
  private final Deque<Shape> clips = new ArrayDeque<>();

  PngCanvas(double width, double height) {
    image =
        new BufferedImage(
            (int) Math.ceil(PIXELS_PER_UNIT * width),
            (int) Math.ceil(PIXELS_PER_UNIT * height),
            BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT);
    fill(0, 0, width, height, Ink.PAPER);
  }

  /** The whole picture. */
  byte[] finish() {
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void fill(double x, double y, double width, double height, Ink ink) {
    fill(new Rectangle2D.Double(x, y, width, height), ink);
  }

  @Override
  public void dot(double x, double y, double radius, Ink ink) {
    fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), ink);
  }

  @Override
  public void line(double[] xs, double[] ys, Pen pen) {
    take(pen.ink());
    float width = (float) pen.width();
    float[] dash = pen.dash() > 0 ? new float[] {(float) pen.dash()} : null;
    graphics.setStroke(stroke(width, dash));
    graphics.draw(path(xs, ys));
  }

  private static BasicStroke stroke(float width, float @Nullable [] dash) {
    return dash == null
        ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
        : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }

  @Override
  public void area(double[] xs, double[] ys, Ink ink) {
    Path2D path = path(xs, ys);
    path.closePath();
    fill(path, ink);
  }

  @Override
  public void text(double x, double y, String text, Lettering type) {
    take(type.ink());
    graphics.setFont(
        new Font(Font.SANS_SERIF, type.bold() ? Font.BOLD : Font.PLAIN, 1)
            .deriveFont((float) type.size()));
    String visible = Markup.visible(text);
    double width =
        graphics.getFont().getStringBounds(visible, graphics.getFontRenderContext()).getWidth();
    double left =
        switch (type.anchor()) {
          case START -> x;
          case MIDDLE -> x - width / 2;
          case END -> x - width;
        };
    graphics.drawString(visible, (float) left, (float) y);
  }

  @Override
  public void image(double x, double y, double width, double height, BufferedImage picture) {
    graphics.setComposite(AlphaComposite.SrcOver);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    var place = graphics.getTransform();
    graphics.translate(x, y);
    graphics.scale(width / picture.getWidth(), height / picture.getHeight());
    graphics.drawImage(picture, 0, 0, null);
    graphics.setTransform(place);
  }

  @Override
  public void clip(double x, double y, double width, double height) {
    Shape before = graphics.getClip();
    clips.push(before == null ? new Rectangle2D.Double(-1, -1, 1e6, 1e6) : before);
    graphics.clip(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void endClip() {
    graphics.setClip(clips.pop());
  }

  private void fill(Shape shape, Ink ink) {
    take(ink);
    graphics.fill(shape);
  }

  private void take(Ink ink) {
    graphics.setComposite(AlphaComposite.SrcOver.derive((float) ink.opacity()));
    graphics.setColor(new Color(ink.rgb()));
  }

  private static Path2D path(double[] xs, double[] ys) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < xs.length; i++) {
      if (i == 0) {
        path.moveTo(xs[i], ys[i]);
      } else {
        path.lineTo(xs[i], ys[i]);
      }
    }
    return path;
  }
}

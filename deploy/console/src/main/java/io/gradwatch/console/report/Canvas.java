package io.gradwatch.console.report;

import java.awt.image.BufferedImage;

/** What a figure is drawn on, in units of a pixel from the top left. */
interface Canvas {
  /** Which end of a text stands at its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * How a line is drawn.
   *
   * @param width in units
   * @param dash length of dashes and of gaps; 0: an unbroken line
   */
  record Pen(Ink ink, double width, double dash) {
    static Pen solid(Ink ink, double width) {
      return new Pen(ink, width, 0);
    }
  }

  /** How a text is drawn. */
  record Lettering(double size, Ink ink, Anchor anchor, boolean bold) {
    static Lettering plain(double size, Ink ink, Anchor anchor) {
      return new Lettering(size, ink, anchor, false);
    }
  }

  /** A filled rectangle. */
  void fill(double x, double y, double width, double height, Ink ink);

  /** A filled circle. */
  void dot(double x, double y, double radius, Ink ink);

  /** A line through points, in their order. */
  void line(double[] xs, double[] ys, Pen pen);

  /** A filled polygon, closed by itself. */
  void area(double[] xs, double[] ys, Ink ink);

  /** One line of text; y is its baseline. */
  void text(double x, double y, String text, Lettering type);

  /** A picture, its pixels as squares. */
  void image(double x, double y, double width, double height, BufferedImage image);

  /** From here to {@link #endClip} only what lies inside is drawn. */
  void clip(double x, double y, double width, double height);

  /** Ends the last clip. */
  void endClip();

  /** A line between two points. */
  default void line(double x1, double y1, double x2, double y2, Pen pen) {
    line(new double[] {x1, x2}, new double[] {y1, y2}, pen);
  }
}

package io.gradwatch.console.report;

import io.gradwatch.console.report.Canvas.Anchor;
import io.gradwatch.console.report.Canvas.Lettering;
import io.gradwatch.console.report.Canvas.Pen;

/** What the lines mean, in a row that begins anew where it is full. */
final class Legend {
  static final double ROW = 20;

  private static final double SIZE = 12;
  private static final double LINE = 26;

  private final Canvas canvas;
  private final double left;
  private double x;
  private double y;

  Legend(Canvas canvas, double left, double y) {
    this.canvas = canvas;
    this.left = left;
    this.x = left;
    this.y = y;
  }

  /** About how wide a text is, which no drawing can be asked before it is looked at. */
  static double width(String text, double size) {
    return 0.56 * size * text.codePointCount(0, text.length());
  }

  /** A line. */
  Legend line(String text, Ink ink, double dash) {
    begin(text);
    canvas.line(x, y - 4, x + LINE - 6, y - 4, new Pen(ink, 2, dash));
    return end(text);
  }

  /** A band. */
  Legend band(String text, Ink ink) {
    begin(text);
    canvas.fill(x, y - 9, LINE - 6, 10, ink);
    return end(text);
  }

  /** A dot. */
  Legend dot(String text, Ink ink) {
    begin(text);
    canvas.dot(x + 10, y - 4, 3, ink);
    return end(text);
  }

  private void begin(String text) {
    if (x > left && x + LINE + width(text, SIZE) > Plot.RIGHT) {
      x = left;
      y += ROW;
    }
  }

  private Legend end(String text) {
    canvas.text(x + LINE, y, text, Lettering.plain(SIZE, Ink.TEXT, Anchor.START));
    x += LINE + width(text, SIZE) + 22;
    return this;
  }
}

package io.gradwatch.console.report;

/** Something to draw. */
interface Figure {
  /** Width of every figure, in units. */
  double WIDTH = 1200;

  /** Height of this one, in units. */
  double height();

  /** What it shows, in a line. */
  String title();

  /** Draws all of it. */
  void draw(Canvas canvas);
}

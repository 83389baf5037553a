package io.gradwatch.console.report;

import java.util.Locale;

/**
 * A colour.
 *
 * @param rgb red, green and blue, eight bits each
 * @param opacity 0 to 1
 */
record Ink(int rgb, double opacity) {
  static final Ink PAPER = new Ink(0xFFFFFF);
  static final Ink TEXT = new Ink(0x1F2933);
  static final Ink QUIET = new Ink(0x64707D);
  static final Ink RULE = new Ink(0xE4E8EC);
  static final Ink FRAME = new Ink(0xB8C1CA);
  static final Ink CRITICAL = new Ink(0xC81E1E);
  static final Ink WARNING = new Ink(0xB45309);
  static final Ink INFO = new Ink(0x64707D);

  /** Distinct for people who do not tell red from green: Okabe and Ito 2008. */
  private static final int[] RUNS = {
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x8A6D00
  };

  Ink(int rgb) {
    this(rgb, 1);
  }

  /** The same, seen through. */
  Ink faint(double newOpacity) {
    return new Ink(rgb, newOpacity);
  }

  /** Of the run in a comparison. */
  static Ink ofRun(int index) {
    return new Ink(RUNS[index % RUNS.length]);
  }

  /** Of a severity by its name. */
  static Ink ofSeverity(String severity) {
    return switch (severity) {
      case "CRITICAL" -> CRITICAL;
      case "WARNING" -> WARNING;
      default -> INFO;
    };
  }

  /** As markup writes it. */
  String hex() {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}

package io.gradwatch.console.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a report can be. */
public enum ReportFormat {
  /** One file with everything, to read and to print. */
  HTML("text/html;charset=utf-8"),
  /** The drawing, to scale. */
  SVG("image/svg+xml"),
  /** The drawing, to paste. */
  PNG("image/png");

  private final String contentType;

  ReportFormat(String contentType) {
    this.contentType = contentType;
  }

  /** As HTTP names it. */
  public String contentType() {
    return contentType;
  }

  /** The ending of a file's name, without the dot. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format of a word such as {@code svg}; null when there is none. */
  public static @Nullable ReportFormat of(String word) {
    for (ReportFormat format : values()) {
      if (format.extension().equals(word.toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    return null;
  }
}

package io.gradwatch.cli.terminal;

import io.gradwatch.core.alarm.Severity;

/** Colour where it is seen, nothing where it is not. */
public enum Style {
  PLAIN,
  COLOURED;

  private static final String ESCAPE = "\u001b[";
  private static final String RESET = ESCAPE + "0m";

  public String bold(String text) {
    return paint("1", text);
  }

  public String dim(String text) {
    return paint("2", text);
  }

  public String good(String text) {
    return paint("32", text);
  }

  public String bad(String text) {
    return paint("1;31", text);
  }

  public String accent(String text) {
    return paint("36", text);
  }

  /** Red, yellow or dim. */
  public String severity(Severity severity, String text) {
    return switch (severity) {
      case CRITICAL -> bad(text);
      case WARNING -> paint("33", text);
      case INFO -> dim(text);
    };
  }

  private String paint(String code, String text) {
    return this == PLAIN ? text : ESCAPE + code + "m" + text + RESET;
  }

  /** The text with everything a terminal might obey made visible: names come from trainers. */
  public static String harmless(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || isInvisible(c) ? '\uFFFD' : c)
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}

package io.gradwatch.cli.terminal;

/**
 * What the person at the other end can see. The script tells which streams are terminals and how
 * wide, since Java 17 cannot find out for one stream alone.
 *
 * @param out true when standard output is a terminal
 * @param err true when standard error is a terminal
 * @param colour true when colours are welcome on a terminal ({@code NO_COLOR} is not set)
 * @param columns width of the terminal, at least 40
 */
public record Terminal(boolean out, boolean err, boolean colour, int columns) {
  private static final int DEFAULT_COLUMNS = 120;
  private static final int MIN_COLUMNS = 40;

  /** No terminal at all. */
  public static final Terminal NONE = new Terminal(false, false, false, DEFAULT_COLUMNS);

  /** As the script found it. */
  public static Terminal detect() {
    String noColour = System.getenv("NO_COLOR");
    return new Terminal(
        Boolean.getBoolean("gradwatch.terminal.out"),
        Boolean.getBoolean("gradwatch.terminal.err"),
        noColour == null || noColour.isEmpty(),
        Math.max(MIN_COLUMNS, Integer.getInteger("gradwatch.terminal.columns", DEFAULT_COLUMNS)));
  }

  /** Styles for text on standard output. */
  public Style outStyle() {
    return out && colour ? Style.COLOURED : Style.PLAIN;
  }
}

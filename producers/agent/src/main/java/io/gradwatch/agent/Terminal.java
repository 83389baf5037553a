package io.gradwatch.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stderr can show.
 *
 * @param interactive a line may be drawn over
 * @param colour colours may be used
 * @param columns width in characters
 */
public record Terminal(boolean interactive, boolean colour, int columns) {
  /**
   * System property with which a launcher that looked itself ({@code [ -t 2 ]}) says true or false.
   * Without it only Linux can tell.
   */
  public static final String PROPERTY = "gradwatch.terminal";

  private static final Path STDERR = Path.of("/proc/self/fd/2");
  private static final int DEFAULT_COLUMNS = 80;
  private static final int FEWEST_COLUMNS = 20;

  /** Looks at this process: the property, else at stderr itself; NO_COLOR, TERM, COLUMNS. */
  public static Terminal ofStderr() {
    return of(System.getProperty(PROPERTY), leadsToTerminal(STDERR), System.getenv());
  }

  static Terminal of(@Nullable String told, boolean leadsThere, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean interactive = !dumb && (told == null ? leadsThere : Boolean.parseBoolean(told));
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(interactive, colour, columns(environment.getOrDefault("COLUMNS", "")));
  }

  static boolean leadsToTerminal(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false; // no Linux, or a closed stderr
    }
  }

  private static int columns(String text) {
    return text.matches("\\d{1,4}")
        ? Math.max(FEWEST_COLUMNS, Integer.parseInt(text))
        : DEFAULT_COLUMNS;
  }
}

package io.gradwatch.cli.terminal;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands to copy into a POSIX shell. */
public final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private Shell() {}

  /** The words as one command, quoted where the shell would read more into them. */
  public static String command(List<String> words) {
    return words.stream().map(Shell::word).collect(Collectors.joining(" "));
  }

  private static String word(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}

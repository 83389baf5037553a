package io.gradwatch.console.routing.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value that is never printed: a text of it says where it came from. */
public final class Secret {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:\\$\\{(?i:env):([A-Za-z_][A-Za-z0-9_]*)}|env:([A-Za-z_][A-Za-z0-9_]*))");
  private static final int MOST_BYTES = 16 * 1024;

  /** What stands for a secret in texts. */
  private static final String HIDDEN = "***";

  private final String source;
  private final String value;

  private Secret(String source, String value) {
    this.source = source;
    this.value = value;
  }

  /** A value that is written where everybody may read it, and yet is not to be printed. */
  public static Secret plain(String value) {
    return new Secret("the file", value);
  }

  /** Whether a text is a reference to a variable of the environment. */
  static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  /**
   * The value of a variable of the environment.
   *
   * @param reference <code>${env:NAME}</code> or {@code env:NAME}
   * @throws IllegalArgumentException when it is no reference, or the variable is not set
   */
  static Secret ofVariable(String reference, Map<String, String> environment) {
    Matcher matcher = REFERENCE.matcher(reference);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is a secret and stands here in clear text; write ${env:NAME}, or name a file");
    }
    String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    String value = environment.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the variable " + name + " is not set");
    }
    return new Secret("variable " + name, value);
  }

  /**
   * The first line of a file.
   *
   * @throws IllegalArgumentException when it cannot be read or is empty
   */
  static Secret ofFile(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(file + " has more than " + MOST_BYTES + " bytes");
      }
      String value =
          Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("").strip();
      if (value.isEmpty()) {
        throw new IllegalArgumentException(file + " has no first line");
      }
      return new Secret(file.toString(), value);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    }
  }

  /** The value itself. */
  public String reveal() {
    return value;
  }

  /** A text without the value. */
  public String hideIn(String text) {
    return value.isEmpty() ? text : text.replace(value, HIDDEN);
  }

  @Override
  public String toString() {
    return HIDDEN + " (" + source + ")";
  }
}

package io.gradwatch.console.server;

import org.jspecify.annotations.Nullable;

/** Bounds of what people write. */
final class Texts {
  private static final int MOST_AUTHOR = 128;
  private static final int MOST_NOTE = 4_096;

  private Texts() {}

  static String author(String author) {
    return bounded("author", author, MOST_AUTHOR);
  }

  static String note(@Nullable String note) {
    return note == null ? "" : bounded("note", note.strip(), MOST_NOTE);
  }

  private static String bounded(String name, String value, int most) {
    if (value.length() > most) {
      throw RefusedException.badRequest(
          name + " has " + value.length() + " characters, at most " + most + " are taken");
    }
    return value;
  }
}

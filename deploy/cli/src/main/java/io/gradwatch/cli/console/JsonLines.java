package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.console.server.Json;
import java.io.PrintWriter;

/** Records as JSON, one a line, with what a terminal might obey escaped. */
final class JsonLines {
  private JsonLines() {}

  static void print(PrintWriter out, Object record) {
    out.println(line(record));
    out.flush();
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  static String line(Object record) {
    StringBuilder safe = new StringBuilder();
    Json.line(record).codePoints().forEach(c -> append(safe, c));
    return safe.toString();
  }

  /** JSON allows these characters within its strings, and outside them there are none. */
  private static void append(StringBuilder out, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE -> {
        for (char unit : Character.toChars(c)) {
          out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) unit));
        }
      }
      default -> out.appendCodePoint(c);
    }
  }
}

package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.Words;
import picocli.CommandLine.Option;

/** For whom a command prints. */
final class OutputFormat {
  /** The formats. */
  enum Format {
    TABLE,
    JSON
  }

  /** For completion. */
  static final class Formats extends Words {
    Formats() {
      super(Format.values());
    }
  }

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      completionCandidates = Formats.class,
      description = "table, or json: the interface's own records, one a line. Default: table.")
  private Format format = Format.TABLE;

  boolean isJson() {
    return format == Format.JSON;
  }
}

package io.gradwatch.cli.console;

import io.gradwatch.backtest.FailureText;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.console.report.ReportFormat;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Where reports are written to. */
final class ReportFile {
  private static final int MOST_NAME = 120;

  private ReportFile() {}

  /** The format that a file's name ends with; HTML where it ends with none. */
  static ReportFormat formatOf(@Nullable Path file) {
    String name = file == null ? "" : file.toString();
    ReportFormat format = ReportFormat.of(name.substring(name.lastIndexOf('.') + 1));
    return format == null ? ReportFormat.HTML : format;
  }

  /** A file here, named after a run; trainers name runs, so nothing of a path is taken from it. */
  static Path named(String run, ReportFormat format) {
    String plain = run.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[.-]+", "_");
    String cut = plain.substring(0, Math.min(MOST_NAME, plain.length()));
    return Path.of((cut.isEmpty() ? "run" : cut) + "." + format.extension());
  }

  static void write(CommandLine commandLine, Path file, byte[] report) {
    try {
      if (file.toString().equals("-")) {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
          out.write(report);
        }
        return;
      }
      Files.write(file, report);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot write " + file + ": " + FailureText.of(file.toString(), e), e);
    }
    commandLine.getErr().println("wrote " + file);
    commandLine.getErr().flush();
  }
}

package io.gradwatch.cli;

import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.traces.TraceFormatException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks of what stands on the command line, beyond its form. */
final class Arguments {
  /** Most steps a second of one run. */
  static final double MAX_SPEED = 1e6;

  private Arguments() {}

  /** Refuses a number below 1. */
  static void atLeastOne(CommandLine commandLine, String option, long value) {
    if (value < 1) {
      throw new ParameterException(commandLine, option + " must be at least 1, not " + value);
    }
  }

  /** Refuses what is no name of a project. */
  static void project(CommandLine commandLine, String name) {
    try {
      Topics.checkProject(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  /** Refuses two recordings of one run id. What is no recording by its name is told elsewhere. */
  static void distinctRuns(CommandLine commandLine, List<Path> files) {
    Map<String, Path> byRunId = new HashMap<>();
    for (Path file : files) {
      Path other = RecordedRuns.isRecordedRun(file) ? byRunId.put(runId(file), file) : null;
      if (other != null) {
        throw new ParameterException(
            commandLine,
            "two recordings have the run id '" + runId(file) + "': " + other + " and " + file);
      }
    }
  }

  /** The run id of a recording. */
  static String runId(Path file) {
    try {
      return RecordedRuns.runId(file);
    } catch (TraceFormatException e) {
      throw new IllegalArgumentException("no recording by its name: " + file, e);
    }
  }
}

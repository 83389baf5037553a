package io.gradwatch.cli;

import io.gradwatch.schemas.Topics;
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
}

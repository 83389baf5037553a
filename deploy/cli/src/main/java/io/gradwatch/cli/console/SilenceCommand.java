package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch silence}. */
@Command(
    name = "silence",
    description = "Silences: alarms that nobody wants to be told about for a while.",
    subcommands = {SilenceAddCommand.class, SilenceListCommand.class, SilenceRemoveCommand.class})
public final class SilenceCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a command is missing: silence add, list or remove");
  }
}

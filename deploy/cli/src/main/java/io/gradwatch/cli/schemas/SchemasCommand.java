package io.gradwatch.cli.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch schemas}. */
@Command(
    name = "schemas",
    description = "Our schemas in a registry, one subject a topic (TOPIC-value).",
    subcommands = {SchemasRegisterCommand.class, SchemasCheckCommand.class})
public final class SchemasCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a command is missing: schemas register or schemas check");
  }
}

package io.gradwatch.cli.schemas;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.schemas.registry.HttpSchemaRegistry;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradwatch schemas register}. */
@Command(
    name = "register",
    description = {
      "Registers the schemas of this build that a registry does not have, and prints a line of JSON"
          + " for each subject: action REGISTER or KEEP, and the id.",
      "Sets nothing else: which versions are compatible is the registry's rule. Ends at the first"
          + " schema that it refuses."
    })
final class SchemasRegisterCommand implements Callable<Integer> {
  @Mixin private SubjectOptions options = new SubjectOptions();

  @Option(names = "--dry-run", description = "Prints what would be registered only.")
  private boolean dryRun;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    HttpSchemaRegistry registry = options.registry(commandLine);
    PrintWriter out = commandLine.getOut();
    try {
      for (Subject subject : options.subjects(commandLine)) {
        OptionalInt known = registry.registered(subject.name(), subject.schema());
        SubjectLine line =
            SubjectLine.of(subject).with("action", known.isPresent() ? "KEEP" : "REGISTER");
        if (known.isPresent()) {
          line.with("id", known.getAsInt());
        } else if (!dryRun) {
          line.with("id", registry.register(subject.name(), subject.schema()));
        }
        out.println(line);
        out.flush();
      }
    } catch (UncheckedIOException e) {
      throw RegistryAccess.failure(e);
    }
    if (out.checkError()) {
      throw new OutputClosedException();
    }
    return 0;
  }
}

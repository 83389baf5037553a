package io.gradwatch.cli.schemas;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.schemas.registry.Compatibility;
import io.gradwatch.schemas.registry.Compatibility.Found;
import io.gradwatch.schemas.registry.HttpSchemaRegistry;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gradwatch schemas check}. */
@Command(
    name = "check",
    description = {
      "Compares the schemas of this build with the newest versions that a registry has, and prints a"
          + " line of JSON for each subject: REGISTERED, COMPATIBLE, MISSING, or INCOMPATIBLE with"
          + " what and where.",
      "Nothing is changed. With an incompatible one the exit code is 1."
    })
final class SchemasCheckCommand implements Callable<Integer> {
  @Mixin private SubjectOptions options = new SubjectOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    HttpSchemaRegistry registry = options.registry(commandLine);
    PrintWriter out = commandLine.getOut();
    boolean incompatible = false;
    try {
      for (Subject subject : options.subjects(commandLine)) {
        Compatibility compatibility = registry.check(subject.name(), subject.schema());
        incompatible |= compatibility.found() == Found.INCOMPATIBLE;
        SubjectLine line = SubjectLine.of(subject).with("found", compatibility.found().name());
        if (!compatibility.reasons().isEmpty()) {
          line.with("reasons", compatibility.reasons());
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
    return incompatible ? 1 : 0;
  }
}

package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy validate}. */
@Command(
    name = "validate",
    description = {
      "Checks policy files without Kafka, as a build does before a change is merged: every error with"
          + " its line and the bound.",
      "policy check also prints what each scope comes to."
    })
final class PolicyValidateCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE.yaml", description = "The policy files.")
  private List<Path> files = List.of();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    PrintWriter err = commandLine.getErr();
    boolean valid = true;
    for (Path file : files) {
      try {
        List<PolicyDocument> documents = PolicyFile.documents(file, 0);
        int count = documents.size();
        out.println(file + ": " + count + (count == 1 ? " policy" : " policies") + ", all valid");
      } catch (InvalidPolicyException e) {
        valid = false;
        e.errors().forEach(err::println);
      }
    }
    out.flush();
    err.flush();
    return valid ? CommandLine.ExitCode.OK : CommandLine.ExitCode.USAGE;
  }
}

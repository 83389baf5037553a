package io.gradwatch.cli;

import io.gradwatch.backtest.FailureText;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.wire.policy.InvalidPolicyException;
import io.gradwatch.wire.policy.PolicyYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies in a file that the command line names. */
final class PolicyFile {
  private PolicyFile() {}

  /** What holds for each run; the defaults for all where no file is named. */
  static PolicyBook book(@Nullable Path file) throws InvalidPolicyException {
    return file == null ? PolicyBook.empty() : PolicyBook.of(documents(file));
  }

  /** The documents of a file, in its order. */
  static List<PolicyDocument> documents(Path file) throws InvalidPolicyException {
    try {
      return PolicyYaml.read(file, 0);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read " + file + ": " + FailureText.of(file.toString(), e), e);
    }
  }
}

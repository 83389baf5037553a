package io.gradwatch.cli.policy;

import io.gradwatch.backtest.FailureText;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.wire.policy.InvalidPolicyException;
import io.gradwatch.wire.policy.PolicyYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies in a file that the command line names. */
public final class PolicyFile {
  private PolicyFile() {}

  /** What holds for each run; the defaults for all where no file is named. */
  public static PolicyBook book(@Nullable Path file) throws InvalidPolicyException {
    return book(file == null ? List.of() : List.of(file));
  }

  /** What holds for each run under files that were published in this order. */
  public static PolicyBook book(List<Path> files) throws InvalidPolicyException {
    List<PolicyDocument> documents = new ArrayList<>();
    for (Path file : files) {
      documents.addAll(documents(file, 0));
    }
    return PolicyBook.of(documents);
  }

  /**
   * The documents of a file, in its order.
   *
   * @param unlessSaid from when on a document holds that does not say it, in milliseconds since
   *     1970
   */
  static List<PolicyDocument> documents(Path file, long unlessSaid) throws InvalidPolicyException {
    try {
      return PolicyYaml.read(file, unlessSaid);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read " + file + ": " + FailureText.of(file.toString(), e), e);
    }
  }
}

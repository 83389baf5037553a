package io.gradwatch.cli;

import io.gradwatch.cli.policy.PolicyFile;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gradwatch pipe}. */
@Command(
    name = "pipe",
    description = {
      "Reads one event a line on standard input, answers each with one line on standard output.",
      "",
      "Event:  {\"run\": \"r1\", \"step\": 7, \"loss\": 2.3, \"grad_norm\": 0.8,"
          + " \"learning_rate\": 0.001, \"clip_threshold\": null}",
      "Answer: {\"run\": \"r1\", \"step\": 7, \"clip_threshold\": 1.9, \"alarms\": []}",
      "",
      "NaN and infinities are the words \"NaN\", \"Infinity\", \"-Infinity\". A line that is no event"
          + " is answered with {\"error\": ...}."
    })
final class PipeCommand implements Callable<Integer> {
  @Option(
      names = "--policy",
      paramLabel = "FILE.yaml",
      description = "Settings the runs are judged by. Default: those of the build.")
  private @Nullable Path policy;

  @Override
  public Integer call() throws InvalidPolicyException {
    return Pipe.overStandardStreams(PolicyFile.book(policy));
  }
}

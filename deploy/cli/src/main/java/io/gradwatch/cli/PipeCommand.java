package io.gradwatch.cli;

import io.gradwatch.core.policy.PolicyBook;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

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
  @Override
  public Integer call() {
    return Pipe.overStandardStreams(PolicyBook.empty());
  }
}

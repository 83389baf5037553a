package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Pace;
import io.gradwatch.agent.ProgressBar;
import io.gradwatch.agent.Replay;
import io.gradwatch.agent.ReplayListener;
import io.gradwatch.agent.ReplaySummary;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.RecordedRun;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch replay}. */
@Command(
    name = "replay",
    description = {
      "Publishes recorded trainings (.csv, .jsonl, also .gz) as if they were trained now, side by"
          + " side. A file is a run; its name without the extension is the run id."
    })
final class ReplayCommand implements Callable<Integer> {
  /** Longest wait for the broker's last acknowledgement. */
  private static final Duration CLOSE_PATIENCE = Duration.ofMinutes(1);

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Recorded runs.")
  private List<Path> files = List.of();

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "The project. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Steps a second of each run; 0: as fast as it goes. Default: ${DEFAULT-VALUE}.")
  private double speed;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Arguments.project(commandLine, project);
    Arguments.distinctRuns(commandLine, files);
    if (!(speed >= 0 && speed <= Arguments.MAX_SPEED)) {
      throw new ParameterException(commandLine, "--speed must be 0 to 1,000,000, not " + speed);
    }
    try {
      List<RecordedRun> runs = Replay.open(files);
      try {
        kafka.requireTopic(
            Topics.events(project),
            "create it with `gradwatch topics create --project %s --bootstrap-server %s`"
                .formatted(project, kafka.bootstrapServer()));
        return replay(runs) ? ExitCode.OK : ExitCode.FAILURE;
      } finally {
        for (RecordedRun run : runs) {
          run.close();
        }
      }
    } catch (IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Withholds the end: what was handed to the publisher has not arrived yet. */
  static ReplayListener untilTheEnd(ReplayListener listener) {
    return new ReplayListener() {
      @Override
      public void began(int runs) {
        listener.began(runs);
      }

      @Override
      public void advanced(long steps, double progress) {
        listener.advanced(steps, progress);
      }

      @Override
      public void runEnded(String runId, long steps) {
        listener.runEnded(runId, steps);
      }

      @Override
      public void runFailed(String runId, String message) {
        listener.runFailed(runId, message);
      }
    };
  }

  /** True when every event is with the broker. */
  private boolean replay(List<RecordedRun> runs) throws IOException {
    Terminal terminal = Terminal.detect();
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    ProgressBar progress =
        new ProgressBar(
            err,
            new io.gradwatch.agent.Terminal(terminal.err(), terminal.colour(), terminal.columns()));
    EventPublisher publisher = kafka.publisher(project).overflow(Overflow.WAIT).buildForAnyRun();
    Pace pace = speed == 0 ? Pace.unlimited() : Pace.stepsPerSecond(speed);
    ReplaySummary summary;
    try {
      summary = new Replay(publisher, pace, untilTheEnd(progress)).run(runs);
    } finally {
      publisher.close(CLOSE_PATIENCE);
    }
    long published = publisher.stats().published();
    if (published < summary.events()) {
      if (terminal.err()) {
        err.println(); // leaves the line of the progress
      }
      throw new CommandFailedException(
          "only %,d of %,d events were published: %s"
              .formatted(published, summary.events(), publisher.stats()));
    }
    progress.finished(summary);
    return summary.complete() && summary.failures().isEmpty();
  }
}

package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Pace;
import io.gradwatch.agent.PlaySummary;
import io.gradwatch.agent.ProgressBar;
import io.gradwatch.agent.Replay;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
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

  @Mixin private RegistryAccess registry = new RegistryAccess();

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
        kafka.requireEvents(project);
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

  /** True when every event is with the broker. */
  private boolean replay(List<RecordedRun> runs) throws IOException {
    PlayProgress progress = PlayProgress.of(ProgressBar.Words.REPLAY);
    EventPublisher publisher =
        kafka.publisher(project, registry).overflow(Overflow.WAIT).buildForAnyRun();
    Pace pace = speed == 0 ? Pace.unlimited() : Pace.stepsPerSecond(speed);
    PlaySummary summary;
    try {
      summary = new Replay(publisher, pace, progress.untilTheEnd()).run(runs);
    } finally {
      publisher.close(CLOSE_PATIENCE);
    }
    long published = publisher.stats().published();
    if (published < summary.events()) {
      progress.leave();
      throw new CommandFailedException(
          "only %,d of %,d events were published: %s"
              .formatted(published, summary.events(), publisher.stats()));
    }
    progress.finished(summary);
    return summary.complete() && summary.failures().isEmpty();
  }
}

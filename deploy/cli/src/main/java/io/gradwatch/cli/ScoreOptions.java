package io.gradwatch.cli;

import io.gradwatch.backtest.FailureText;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.score.LabelledRuns;
import io.gradwatch.backtest.score.ScoreText;
import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.traces.RunLabels;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The part of {@code gradwatch backtest} that judges alarms by labels. */
final class ScoreOptions {
  @Option(
      names = "--labels",
      paramLabel = "LABELS.json",
      description =
          "What really happened to each run: prints what the alarms are worth instead of the alarms.")
  private @Nullable Path labels;

  @Option(
      names = "--per-scenario",
      description = "With --labels: also each scenario, and what became of each run.")
  private boolean perScenario;

  @Option(names = "--json", description = "With --labels: one line of JSON instead of text.")
  private boolean json;

  void check(CommandLine commandLine) {
    if (labels == null && (perScenario || json)) {
      throw new ParameterException(
          commandLine, (json ? "--json" : "--per-scenario") + " needs --labels");
    }
  }

  /** The runs to judge; null when none are. Each of the files must have a label. */
  @Nullable LabelledRuns read(List<Path> files, PrintWriter err) {
    if (labels == null) {
      return null;
    }
    List<String> runs =
        files.stream().filter(RecordedRuns::isRecordedRun).map(Arguments::runId).toList();
    try (InputStream in = Files.newInputStream(labels)) {
      LabelledRuns labelled = new LabelledRuns(RunLabels.read(in), runs);
      if (labelled.unread() > 0) {
        err.println(
            labelled.unread() + " labels are of runs that are not among the files: passed over");
      }
      return labelled;
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read " + labels + ": " + Style.harmless(FailureText.of(labels.toString(), e)), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(labels + ": " + e.getMessage(), e);
    }
  }

  void print(PrintWriter out, LabelledRuns runs, RaisedAlarms alarms) {
    Scorecard card = Scorecard.of(runs.with(alarms));
    if (json) {
      out.println(ScoreText.json(card, perScenario));
    } else {
      if (perScenario) {
        ScoreText.perScenario(card).forEach(line -> out.println(Style.harmless(line)));
      }
      ScoreText.summary(card).forEach(out::println);
    }
    out.flush();
  }
}

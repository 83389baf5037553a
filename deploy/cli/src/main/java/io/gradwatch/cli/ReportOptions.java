package io.gradwatch.cli;

import io.gradwatch.agent.Counted;
import io.gradwatch.backtest.FailureText;
import io.gradwatch.backtest.JsonText;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.compare.AlarmComparison;
import io.gradwatch.backtest.compare.ComparisonText;
import io.gradwatch.backtest.score.LabelledRuns;
import io.gradwatch.backtest.score.ScoreText;
import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.cli.policy.PolicyFile;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.traces.RunLabels;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The part of {@code gradwatch backtest} that reports on the alarms instead of listing them: what
 * they are worth, and what other policies would change.
 */
final class ReportOptions {
  private static final String DEFAULTS = "the defaults";

  @Option(
      names = "--labels",
      paramLabel = "LABELS.json",
      description =
          "What really happened to each run: prints what the alarms are worth instead of the alarms.")
  private @Nullable Path labels;

  @Option(
      names = "--against",
      paramLabel = "OTHER.yaml",
      description =
          "Other policies: prints which alarms come at other steps, or under one of the two only,"
              + " instead of the alarms; with --labels also both scores. A is --policy, B this.")
  private @Nullable Path against;

  @Option(
      names = "--per-scenario",
      description = "With --labels: also each scenario, and what became of each run.")
  private boolean perScenario;

  @Option(
      names = "--json",
      description = "With --labels or --against: one line of JSON instead of text.")
  private boolean json;

  void check(CommandLine commandLine) {
    if (json && !instead()) {
      throw new ParameterException(commandLine, "--json needs --labels or --against");
    }
    if (perScenario && labels == null) {
      throw new ParameterException(commandLine, "--per-scenario needs --labels");
    }
    if (perScenario && against != null) {
      throw new ParameterException(commandLine, "--per-scenario does not go with --against");
    }
  }

  /** True when there is a report in the place of the alarms. */
  boolean instead() {
    return labels != null || against != null;
  }

  /** The policies to compare with; null when there are none. */
  @Nullable PolicyBook others() throws InvalidPolicyException {
    return against == null ? null : PolicyFile.book(against);
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
            Counted.of(labelled.unread(), "label")
                + (labelled.unread() == 1 ? " is" : " are")
                + " of runs that are not among the files: passed over");
      }
      return labelled;
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read " + labels + ": " + Style.harmless(FailureText.of(labels.toString(), e)), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(labels + ": " + e.getMessage(), e);
    }
  }

  /** What alarms are worth. */
  void printScore(PrintWriter out, LabelledRuns runs, RaisedAlarms alarms) {
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

  /**
   * How the alarms of two policies differ.
   *
   * @param policies files of the first; empty: the defaults
   */
  void printComparison(
      PrintWriter out,
      List<Path> policies,
      @Nullable LabelledRuns runs,
      RaisedAlarms a,
      RaisedAlarms b) {
    AlarmComparison comparison = AlarmComparison.of(a, b);
    String nameOfA =
        policies.isEmpty()
            ? DEFAULTS
            : policies.stream().map(Path::toString).collect(Collectors.joining(", "));
    String nameOfB = String.valueOf(against);
    Scorecard scoreOfA = runs == null ? null : Scorecard.of(runs.with(a));
    Scorecard scoreOfB = runs == null ? null : Scorecard.of(runs.with(b));
    if (json) {
      StringBuilder line = new StringBuilder();
      JsonText.string(line.append("{\"a\":"), nameOfA);
      JsonText.string(line.append(",\"b\":"), nameOfB).append(',');
      ComparisonText.json(line, comparison);
      if (scoreOfA != null && scoreOfB != null) {
        line.append(",\"score_a\":").append(ScoreText.json(scoreOfA, false));
        line.append(",\"score_b\":").append(ScoreText.json(scoreOfB, false));
      }
      out.println(line.append('}'));
    } else {
      out.println(Style.harmless("A: " + nameOfA));
      out.println(Style.harmless("B: " + nameOfB));
      out.println();
      ComparisonText.lines(comparison).forEach(line -> out.println(Style.harmless(line)));
      if (scoreOfA != null && scoreOfB != null) {
        out.println();
        ScoreText.sideBySide(scoreOfA, scoreOfB).forEach(out::println);
      }
    }
    out.flush();
  }
}

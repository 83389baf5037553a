package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.backtest.Backtests;
import io.gradwatch.backtest.FailureText;
import io.gradwatch.backtest.FindingLines;
import io.gradwatch.backtest.FindingsConsumer;
import io.gradwatch.backtest.NewAlarms;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.score.LabelledRuns;
import io.gradwatch.cli.policy.PolicyFile;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.FindingsTable;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch backtest}. */
@Command(
    name = "backtest",
    description = {
      "Runs recorded trainings (.csv, .jsonl, also .gz) straight through the detectors, without Kafka.",
      "A file is a run; its name without the extension is the run id. Without --alarms a table of the"
          + " alarms, and of what following the clip advice would have done, goes to standard output; with --labels it is what the alarms are"
          + " worth, with --against what other policies would change."
    })
final class BacktestCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Recorded runs.")
  private List<Path> files = List.of();

  @Option(
      names = "--alarms",
      paramLabel = "OUT.jsonl",
      description = "One line at each opening of an alarm and each rise of its severity.")
  private @Nullable Path alarms;

  @Option(
      names = "--recommendations",
      paramLabel = "OUT.jsonl",
      description = "One line at each change of the clip advice.")
  private @Nullable Path recommendations;

  @Option(
      names = "--statistics",
      paramLabel = "OUT.jsonl",
      description = "One line for each record of rolling statistics.")
  private @Nullable Path statistics;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "Project the runs count as; part of an alarm's id. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(
      names = "--policy",
      paramLabel = "FILE.yaml",
      description =
          "Settings the runs are judged by, from their effective_at on; of several files a later one"
              + " counts as published later. Default: those of the build.")
  private List<Path> policyFiles = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Files read at a time. Default: the number of processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private ReportOptions report = new ReportOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, InvalidPolicyException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Arguments.atLeastOne(commandLine, "--threads", threads);
    Arguments.project(commandLine, project);
    Arguments.distinctRuns(commandLine, files);
    report.check(commandLine);
    PolicyBook policies = PolicyFile.book(policyFiles);
    PolicyBook others = report.others();
    LabelledRuns labelled = report.read(files, commandLine.getErr());
    RaisedAlarms raised = new RaisedAlarms();
    Terminal terminal = Terminal.detect();
    BacktestProgress progress = new BacktestProgress(commandLine.getErr(), terminal, files.size());
    try (Writer alarmLines = open(alarms);
        Writer recommendationLines = open(recommendations);
        Writer statisticsLines = open(statistics)) {
      FindingsConsumer lines = new FindingLines(alarmLines, recommendationLines, statisticsLines);
      FindingsConsumer table =
          alarms == null && !report.instead()
              ? table(commandLine.getOut(), terminal)
              : new FindingsConsumer() {};
      new Backtests(project, policies, threads)
          .run(files, FindingsConsumer.all(lines, table, raised, progress));
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailedException("the output cannot be written: " + e.getMessage(), e);
    }
    if (others != null) {
      RaisedAlarms otherwise = new RaisedAlarms();
      new Backtests(project, others, threads).run(files, otherwise);
      report.printComparison(commandLine.getOut(), policyFiles, labelled, raised, otherwise);
    } else if (labelled != null) {
      report.printScore(commandLine.getOut(), labelled, raised);
    }
    progress.summarise();
    return progress.failures() == 0 ? ExitCode.OK : ExitCode.FAILURE;
  }

  private FindingsConsumer table(PrintWriter out, Terminal terminal) {
    int longestName =
        files.stream().mapToInt(file -> file.getFileName().toString().length()).max().orElse(0);
    FindingsTable table = new FindingsTable(out, terminal, longestName - ".csv".length());
    NewAlarms newAlarms = new NewAlarms();
    FindingsConsumer alarmRows =
        new FindingsConsumer() {
          @Override
          public void alarm(Alarm alarm) {
            if (newAlarms.isNew(alarm.id(), alarm.state(), alarm.severity())) {
              table.alarm(
                  alarm.runId(),
                  alarm.step(),
                  alarm.severity(),
                  alarm.kind().name(),
                  alarm.summary());
            }
          }
        };
    return FindingsConsumer.all(alarmRows, new AdviceRows(table));
  }

  private static @Nullable Writer open(@Nullable Path file) {
    try {
      return file == null ? null : Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot write " + file + ": " + FailureText.of(file.toString(), e), e);
    }
  }
}

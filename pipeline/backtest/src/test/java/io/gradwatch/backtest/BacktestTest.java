package io.gradwatch.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.wire.RecordMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestTest {
  private static final String DIVERGING = "dev-div_lr_spike-01";

  @TempDir private Path folder;

  private final Collected collected = new Collected();
  private final Backtest backtest = new Backtest("default", PolicyBook.empty());

  @Test
  void findsWhatTheCoreFindsInARecordedRun() throws IOException {
    RunReport report = backtest.run("bundled", BundledRuns.open(DIVERGING), collected);

    assertThat(report.failure()).isNull();
    assertThat(report.runId()).isEqualTo(DIVERGING);
    assertThat(report.refused()).isZero();
    assertThat(report.events()).isGreaterThan(report.newestStep());
    assertThat(collected.alarms).isNotEmpty().allMatch(alarm -> alarm.runId().equals(DIVERGING));
    assertThat(collected.recommendations).isNotEmpty();
    assertThat(collected.statistics).isNotEmpty();
    assertThat(collected.reports).containsExactly(report);
  }

  @Test
  void findsTheSameAgainWhateverItReadBefore() throws IOException {
    backtest.run("first", BundledRuns.open(DIVERGING), collected);
    Collected again = new Collected();

    backtest.run("second", BundledRuns.open(DIVERGING), again);

    assertThat(again.lines()).isEqualTo(collected.lines());
  }

  @Test
  void leavesOutWhatTheJobWouldLeaveOutAndGoesOn() throws IOException {
    Path file = write("r.csv", "step,loss,grad_norm\n0,1.0,1.0\n1,1.0,-5.0\n2,1.0,1.0\n");

    RunReport report = backtest.run(file, collected);

    assertThat(report.failure()).isNull();
    assertThat(report.newestStep()).isEqualTo(2);
    assertThat(collected.refusals)
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.toString()).startsWith(file + ", event 3 (step 1): grad_norm"));
  }

  @Test
  void tellsWhyAFileCannotBeReadAndKeepsWhatItFoundBefore() throws IOException {
    Path file = write("r.csv", "step,loss,grad_norm\n0,1.0,1.0\n1,what,1.0\n");

    RunReport report = backtest.run(file, collected);

    assertThat(report.failure()).startsWith("line 3: column 'loss': found 'what'");
    assertThat(report.newestStep()).isZero();
    assertThat(collected.reports).containsExactly(report);
  }

  @Test
  void tellsThatAFileIsMissing() {
    RunReport report = backtest.run(folder.resolve("none.csv"), collected);

    assertThat(report.failure()).isEqualTo("there is no such file or folder");
    assertThat(collected.reports).containsExactly(report);
  }

  @Test
  void handsOnFindingsInTheOrderOfTheFiles() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 9; i >= 0; i--) {
      files.add(write("run-" + i + ".csv", "step,loss,grad_norm\n0,1,1\n1,NaN,NaN\n2,NaN,NaN\n"));
    }
    Collected alone = new Collected();

    new Backtests("default", PolicyBook.empty(), 3).run(files, collected);
    List<RunReport> reports = new Backtests("default", PolicyBook.empty(), 1).run(files, alone);

    assertThat(collected.reports).isEqualTo(reports);
    assertThat(reports).extracting(RunReport::runId).startsWith("run-9", "run-8");
    assertThat(collected.lines()).isNotEmpty().isEqualTo(alone.lines());
  }

  @Test
  void refusesToWorkWithoutAThread() {
    assertThatThrownBy(() -> new Backtests("default", PolicyBook.empty(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be at least 1, not 0");
  }

  @Test
  void writesAlarmsOnlyWhereTheyAreNews() throws IOException {
    StringWriter alarms = new StringWriter();
    FindingsConsumer lines = new FindingLines(alarms, null, null);

    backtest.run("r", BundledRuns.open(DIVERGING), FindingsConsumer.all(lines, collected));

    assertThat(alarms.toString().lines().count()).isPositive().isLessThan(collected.alarms.size());
    assertThat(alarms.toString().lines()).noneMatch(line -> line.contains("\"RESOLVED\""));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file;
  }

  private static final class Collected implements FindingsConsumer {
    private final List<Alarm> alarms = new ArrayList<>();
    private final List<Recommendation> recommendations = new ArrayList<>();
    private final List<RunStatistics> statistics = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<RunReport> reports = new ArrayList<>();

    @Override
    public void alarm(Alarm alarm) {
      alarms.add(alarm);
    }

    @Override
    public void recommendation(Recommendation recommendation) {
      recommendations.add(recommendation);
    }

    @Override
    public void statistics(RunStatistics record) {
      statistics.add(record);
    }

    @Override
    public void refused(Refusal refusal) {
      refusals.add(refusal);
    }

    @Override
    public void finished(RunReport report) {
      reports.add(report);
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      for (Alarm alarm : alarms) {
        DivergenceAlarm record = RecordMapper.toRecord(alarm);
        lines.add(RecordLines.line(record));
      }
      recommendations.forEach(advice -> lines.add(RecordLines.line(RecordMapper.toRecord(advice))));
      statistics.forEach(record -> lines.add(RecordLines.line(RecordMapper.toRecord(record))));
      return lines;
    }
  }
}

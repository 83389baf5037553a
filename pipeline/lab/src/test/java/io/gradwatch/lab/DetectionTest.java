package io.gradwatch.lab;

import static io.gradwatch.lab.robustness.Perturbation.NO_LEARNING_RATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.backtest.Backtests;
import io.gradwatch.backtest.FindingsConsumer;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.Refusal;
import io.gradwatch.backtest.RunReport;
import io.gradwatch.backtest.score.LabelledRuns;
import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.lab.recordings.TraceFolder;
import io.gradwatch.lab.robustness.Robustness;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gate on behaviour: what the detectors make of the recorded trainings of this module. */
class DetectionTest {
  private static final Path TRACES = Path.of("traces/dev");

  /**
   * As in {@code score.py}: steps after the failure, or after the onset, that are still in time.
   */
  private static final long AFTER_FAILURE = 20;

  private static final long AFTER_ONSET = 10;

  /** Divergences that the detectors of today see in time. */
  private static final int IN_TIME = 41;

  /** Most that the score may fall without the learning rate. */
  private static final double OF_LEARNING_RATE = 0.03;

  private static final Map<String, List<Long>> PAGES = new HashMap<>();
  private static final Set<String> ADVISED = new HashSet<>();
  private static final RaisedAlarms RAISED = new RaisedAlarms();
  private static Map<String, RunLabel> labels = Map.of();
  private static TraceFolder folder = new TraceFolder(Map.of(), Map.of());

  @BeforeAll
  static void runAll() throws Exception {
    folder = TraceFolder.open(TRACES);
    labels = folder.labels();
    new Backtests("default", PolicyBook.empty(), 2)
        .run(List.copyOf(folder.files().values()), FindingsConsumer.all(new Collector(), RAISED));
  }

  private static final class Collector implements FindingsConsumer {
    @Override
    public void alarm(Alarm alarm) {
      if (alarm.severity() == Severity.CRITICAL && alarm.state() != AlarmState.RESOLVED) {
        PAGES.computeIfAbsent(alarm.runId(), run -> new ArrayList<>()).add(alarm.step());
      }
    }

    @Override
    public void recommendation(Recommendation recommendation) {
      ADVISED.add(recommendation.runId());
    }

    @Override
    public void statistics(RunStatistics statistics) {}

    @Override
    public void refused(Refusal refusal) {
      throw new AssertionError("a recorded event was refused: " + refusal);
    }

    @Override
    public void finished(RunReport report) {}
  }

  private static List<String> runs(Outcome outcome) {
    return labels.keySet().stream().filter(run -> labels.get(run).outcome() == outcome).toList();
  }

  private static boolean inTime(String run) {
    RunLabel label = labels.get(run);
    long onset = label.onsetStep();
    long deadline = Math.max(label.failureStep() + AFTER_FAILURE, onset + AFTER_ONSET);
    return PAGES.getOrDefault(run, List.of()).stream()
        .filter(step -> step >= onset)
        .findFirst()
        .filter(step -> step <= deadline)
        .isPresent();
  }

  @Test
  void pagesOnNoHealthyRun() {
    assertThat(runs(Outcome.HEALTHY)).hasSizeGreaterThan(30);
    assertThat(PAGES).doesNotContainKeys(runs(Outcome.HEALTHY).toArray(String[]::new));
    assertThat(PAGES).doesNotContainKeys(runs(Outcome.OVERFIT).toArray(String[]::new));
  }

  @Test
  void pagesInTimeOnTheDivergencesItCanSee() {
    List<String> diverged = runs(Outcome.DIVERGED);
    assertThat(diverged).hasSize(41);
    assertThat(diverged.stream().filter(DetectionTest::inTime).count())
        .isGreaterThanOrEqualTo(IN_TIME);
  }

  @Test
  void pagesInTimeOnEveryAbruptFault() {
    assertThat(runs(Outcome.DIVERGED))
        .filteredOn(run -> run.matches(".*(lr_spike|sdc_weight|bad_data|deep_mlp).*"))
        .hasSize(16)
        .allMatch(DetectionTest::inTime);
  }

  @Test
  void takesTheLearningRateForContextNeverForEvidence() throws IOException {
    double recorded = Scorecard.of(new LabelledRuns(labels, labels.keySet()).with(RAISED)).score();

    double without = Scorecard.of(Robustness.run(folder, NO_LEARNING_RATE)).score();

    assertThat(without).isGreaterThanOrEqualTo(recorded - OF_LEARNING_RATE);
  }

  @Test
  void advisesOnEveryRun() {
    assertThat(ADVISED).containsAll(labels.keySet());
  }
}

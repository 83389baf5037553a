package io.gradwatch.backtest.score;

import static io.gradwatch.core.alarm.AlarmKind.DEAD_LAYER;
import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.LOSS_SPIKE;
import static io.gradwatch.core.alarm.AlarmKind.OVERFITTING;
import static io.gradwatch.core.alarm.AlarmKind.STALLED;
import static io.gradwatch.core.alarm.Severity.CRITICAL;
import static io.gradwatch.core.alarm.Severity.INFO;
import static io.gradwatch.core.alarm.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import io.gradwatch.traces.RunLabel.Spike;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorecardTest {
  private final List<LabelledRun> runs = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"99, MISSED", "100, IN_TIME", "220, IN_TIME", "221, LATE"})
  void aPageIsInTimeFromTheOnsetTo20StepsAfterTheFailure(long page, Response.Verdict verdict) {
    diverged("a", "s", 100, 200, page(page));

    Response response = card().runs().get(0).response();

    assertThat(response).isNotNull().extracting(Response::verdict).isEqualTo(verdict);
    assertThat(card().falsePages()).isEqualTo(page < 100 ? 1 : 0);
  }

  @Test
  void aRunLostAtOnceStillGrantsTenSteps() {
    diverged("a", "s", 100, 80, page(110));
    diverged("b", "s", 100, 80, page(111));

    assertThat(card().inTime()).hasToString("1/2");
  }

  @Test
  void recallIsTheMeanOverScenariosNotOverRuns() {
    diverged("a", "rare", 100, 200);
    for (int i = 0; i < 9; i++) {
      diverged("b" + i, "common", 100, 200, page(150));
    }

    assertThat(card().recall()).isEqualTo(0.5);
    assertThat(card().inTime()).hasToString("9/10");
  }

  @ParameterizedTest
  @CsvSource({"63, 1", "64, 2"})
  void alarmsNearTheOneBeforeAreOneEpisode(long gap, int episodes) {
    healthy(1000, page(100), page(100 + gap), warning(LOSS_SPIKE, 7), warning(LOSS_SPIKE, 7 + gap));

    assertThat(card().falsePages()).isEqualTo(episodes);
    assertThat(card().falseWarnings()).isEqualTo(episodes);
  }

  @Test
  void anEpisodeGoesOnWhileAlarmsComeOftenEnough() {
    healthy(1000, LongStream.range(0, 10).mapToObj(i -> page(60 * i)).toArray(RaisedAlarm[]::new));

    assertThat(card().falsePages()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "106, 100, 1", // too short for a page
    "107, 99, 1",
    "107, 100, 0",
    "107, 171, 0", // 64 steps after its end
    "107, 172, 1"
  })
  void aPageInASpikeOfMoreThanSixStepsIsNoFalseOne(long last, long page, int falsePages) {
    spiked(new Spike(100, last), page(page));

    assertThat(card().falsePages()).isEqualTo(falsePages);
    assertThat(card().spikesEscalated().count()).isEqualTo(page == 99 || page == 172 ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"99, 0", "100, 1", "108, 1", "109, 0"})
  void aSpikeIsNoticedFromItsStartToFiveStepsAfterItsEnd(long step, int noticed) {
    spiked(new Spike(100, 103), warning(LOSS_SPIKE, step));

    assertThat(card().spikesNoticed()).isEqualTo(new Share(noticed, 1));
    assertThat(card().falseWarnings()).isEqualTo(step < 100 ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"99, 0", "100, 1", "400, 1", "401, 0"})
  void aStallIsNoticedWithin300StepsByAlarmsOfItsKinds(long step, int noticed) {
    run("a", label(1000, Outcome.STALLED, 100L, 1), warning(DEAD_LAYER, step), page(150));

    assertThat(card().stallsNoticed()).isEqualTo(new Share(noticed, 1));
    assertThat(card().falseWarnings()).as("of the kinds of a stall, however early").isZero();
  }

  @ParameterizedTest
  @CsvSource({"1.1, 1", "1.11, 0"})
  void overfittingIsNoFalseWarningWhereTheEvaluationLossRose(double rise, int falseWarnings) {
    run("a", label(1000, Outcome.HEALTHY, null, rise), warning(OVERFITTING, 500));

    assertThat(card().falseWarnings()).isEqualTo(falseWarnings);
  }

  @Test
  void anOverfitRunIsNoticedByItsKindAloneAndNeverWarnsFalsely() {
    run("a", label(1000, Outcome.OVERFIT, null, 2), warning(STALLED, 1), warning(OVERFITTING, 9));
    run("b", label(1000, Outcome.OVERFIT, null, 2), warning(STALLED, 1));

    assertThat(card().overfitsNoticed()).hasToString("1/2");
    assertThat(card().falseWarnings()).isZero();
  }

  @Test
  void infoAndAmbiguousRunsCountForNothing() {
    healthy(1000, new RaisedAlarm(5, DIVERGENCE, INFO));
    run("x", label(1000, Outcome.AMBIGUOUS, null, 1), page(5), warning(LOSS_SPIKE, 300));

    assertThat(card().falsePages() + card().falseWarnings()).isZero();
    assertThat(card().watchedSteps()).isEqualTo(1000);
  }

  @Test
  void theScoreIsTheFormulaOfItsParts() {
    diverged("a", "s", 1000, 1200, page(1100));
    spiked(new Spike(100, 110), warning(LOSS_SPIKE, 105));
    healthy(8000, page(4000), warning(LOSS_SPIKE, 9));
    run("z", label(1000, Outcome.STALLED, 0L, 1));

    // 11,000 steps; of the parts all divergences and spikes, no stall
    double rate = 1e4 / 11_000;
    assertThat(card().score())
        .isCloseTo(1.0 / 3 + Math.exp(-rate) / 3 + (1.0 / 6) * Math.exp(-rate / 10), within(1e-12));
  }

  @Test
  void medianIsTheUpperOneAndEmptyIsNaN() {
    assertThat(card().leads().median()).isNaN();
    assertThat(card().leads().tenthPercentile()).isNaN();
    for (long lead : new long[] {40, 10, 30, 20}) {
      diverged("lead" + lead, "s", 100, 200, page(200 - lead));
    }

    assertThat(card().leads().median()).isEqualTo(30);
    assertThat(card().leads().tenthPercentile()).isEqualTo(10);
    assertThat(card().abruptDelays().median()).as("none was abrupt").isNaN();
  }

  @Test
  void aLabelThatLeavesThingsOutReadsAsItsOwnScenarioAndTheStepsRead() {
    RunLabel bare = new RunLabel(Outcome.SPIKED, null, null, List.of(new Spike(40, 44)));
    LabelledRun run = new LabelledRun("r", bare, 500, List.of(warning(LOSS_SPIKE, 39)));
    runs.add(run);

    assertThat(run.scenario()).isEqualTo("r");
    assertThat(card().watchedSteps()).isEqualTo(500);
    assertThat(card().falseWarnings()).as("before the first spike").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "DIVERGED, , , onset_step",
    "DIVERGED, 5, , failure_step",
    "STALLED, , , onset_step",
    "SPIKED, , , onset_step"
  })
  void aLabelThatCannotBeJudgedByIsRefused(
      Outcome outcome, Long onset, Long failure, String missing) {
    RunLabel label = new RunLabel(outcome, onset, failure, List.of());

    assertThatThrownBy(() -> new LabelledRuns(Map.of("r", label), List.of("r")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the label of run 'r' has the outcome " + outcome + ", which needs " + missing);
  }

  @Test
  void everyRunNeedsALabelAndOtherLabelsArePassedOver() {
    RunLabel label = new RunLabel(Outcome.HEALTHY, null, null, List.of());
    Map<String, RunLabel> labels = Map.of("a", label, "b", label);

    LabelledRuns labelled = new LabelledRuns(labels, List.of("b"));

    assertThat(labelled.unread()).isEqualTo(1);
    assertThat(labelled.with(new RaisedAlarms()))
        .singleElement()
        .isEqualTo(new LabelledRun("b", label, 0, List.of()));
    assertThatThrownBy(() -> new LabelledRuns(labels, List.of("c")))
        .hasMessage("run 'c' has no label");
  }

  private Scorecard card() {
    return Scorecard.of(runs);
  }

  private void run(String name, RunLabel label, RaisedAlarm... alarms) {
    runs.add(new LabelledRun(name, label, 0, List.of(alarms)));
  }

  private void healthy(long steps, RaisedAlarm... alarms) {
    run("healthy", label(steps, Outcome.HEALTHY, null, 1), alarms);
  }

  private void diverged(
      String name, String scenario, long onset, long failure, RaisedAlarm... alarms) {
    run(
        name,
        new RunLabel(scenario, 2000L, Outcome.DIVERGED, onset, failure, List.of(), 1),
        alarms);
  }

  private void spiked(Spike spike, RaisedAlarm... alarms) {
    run(
        "spiked",
        new RunLabel("spiked", 1000L, Outcome.SPIKED, spike.firstStep(), null, List.of(spike), 1),
        alarms);
  }

  private static RunLabel label(long steps, Outcome outcome, Long onset, double evalRise) {
    return new RunLabel("s", steps, outcome, onset, null, List.of(), evalRise);
  }

  private static RaisedAlarm page(long step) {
    return new RaisedAlarm(step, DIVERGENCE, CRITICAL);
  }

  private static RaisedAlarm warning(AlarmKind kind, long step) {
    return new RaisedAlarm(step, kind, WARNING);
  }
}

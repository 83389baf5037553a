package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStoryTest {
  private static final Set<String> NAMES = Set.of("loss", "grad_norm", "advised_threshold");

  private final DetailBudget budget = new DetailBudget(1 << 20);
  private final RunStory run = new RunStory(new RunKey("default", "run"));

  @Test
  void tellsTheNewestStepAndItsPace() {
    for (int step = 0; step < 10; step++) {
      run.take(Records.step("run", 0, step, 1.0 / (step + 1), step), budget);
    }
    assertThat(run.step()).isEqualTo(9);
    assertThat(run.loss()).isEqualTo(0.1);
    assertThat(run.gradNorm()).isEqualTo(9.0);
    assertThat(run.pace().perSecond()).isEqualTo(1.0);
    assertThat(run.startedAt()).isEqualTo(Records.START);
    assertThat(run.updatedAt()).isEqualTo(Records.START + 9_000);
  }

  @Test
  void repeatedAndEarlierStepsOfAnAttemptChangeNothing() {
    run.take(Records.step("run", 0, 5, 1, 1), budget);
    run.take(Records.step("run", 0, 5, 7, 7), budget);
    run.take(Records.step("run", 0, 4, 7, 7), budget);
    assertThat(run.loss()).isEqualTo(1.0);
    assertThat(curve(0, "loss").steps()).containsExactly(5L);
  }

  @Test
  void aRewindBeginsAnAttemptBesideTheOldOneWhichIsThenOver() {
    run.take(Records.step("run", 0, 8, 1, 1), budget);
    run.take(Records.event("run", 0, 8, Records.ended(RunOutcome.FAILED)), budget);
    assertThat(run.outcome()).isEqualTo("FAILED");
    run.take(Records.step("run", 1, 4, 2, 2), budget);
    run.take(Records.step("run", 0, 9, 3, 3), budget);
    assertThat(run.outcome()).isNull();
    assertThat(run.attempts()).extracting(AttemptCurves::attempt).containsExactly(0, 1);
    assertThat(run.step()).isEqualTo(4);
    assertThat(run.loss()).isEqualTo(2.0);
    assertThat(curve(0, "loss").steps()).containsExactly(8L);
  }

  @Test
  void keepsTheNewest8Attempts() {
    for (int attempt = 0; attempt < 20; attempt++) {
      run.take(Records.step("run", attempt, 1, 1, 1), budget);
    }
    assertThat(run.attempts())
        .extracting(AttemptCurves::attempt)
        .containsExactly(12, 13, 14, 15, 16, 17, 18, 19);
  }

  @Test
  void onlyRankZeroSpeaksUnlessSomebodySpeaksWithoutARank() {
    run.take(ranked(1, 0, 9), budget);
    assertThat(run.attempts()).isEmpty();
    run.take(ranked(0, 1, 1), budget);
    run.take(ranked(null, 2, 2), budget);
    run.take(ranked(0, 3, 9), budget);
    assertThat(run.loss()).isEqualTo(2.0);
  }

  @Test
  void statisticsStandInUntilEventsCome() {
    run.take(Records.statistics("default", "run", 0, 100, 3, 4));
    assertThat(run.loss()).isEqualTo(3.0);
    assertThat(curve(0, "loss").steps()).containsExactly(100L);
    for (int step = 0; step < 20; step++) {
      run.take(Records.step("run", 0, step, step, step), budget);
    }
    assertThat(curve(0, "loss").steps()).hasSize(20).startsWith(0L).endsWith(19L);
    run.take(Records.statistics("default", "run", 0, 150, 30, 40));
    assertThat(run.loss()).isEqualTo(19.0);
    assertThat(curve(0, "loss").high()).doesNotContain(30f);
  }

  /** A console that starts reads topic after topic, in whatever order they come. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theOrderOfTheTopicsMakesNoDifference(long seed) {
    List<Runnable> events = new ArrayList<>();
    List<Runnable> statistics = new ArrayList<>();
    List<Runnable> advice = new ArrayList<>();
    List<RunStory> stories = new ArrayList<>();
    RunStory[] now = new RunStory[1];
    for (int attempt = 0; attempt < 3; attempt++) {
      for (int step = attempt * 40; step < attempt * 40 + 100; step++) {
        TrainingEvent event = Records.step("run", attempt, step, step + attempt, 2 * step);
        events.add(() -> now[0].take(event, budget));
        if (step % 20 == 0) {
          var record = Records.statistics("default", "run", attempt, step, 5, 5);
          record.setAdvisedClipThreshold(2.0);
          statistics.add(() -> now[0].take(record));
        }
      }
    }
    var last = Records.advice("default", "run", 95, 2.0);
    last.setAttempt(2);
    advice.add(() -> now[0].take(last));
    Random random = new Random(seed);
    List<List<Runnable>> orders = new ArrayList<>(List.of(events, statistics, advice));
    for (int i = 0; i < 2; i++) {
      now[0] = new RunStory(new RunKey("default", "run"));
      stories.add(now[0]);
      Collections.shuffle(orders, random);
      orders.forEach(topic -> topic.forEach(Runnable::run));
    }
    RunStory one = stories.get(0);
    RunStory other = stories.get(1);
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(one.attempts().get(attempt).series(NAMES, 0, Long.MAX_VALUE, 400))
          .as("seed %d, attempt %d", seed, attempt)
          .isEqualTo(other.attempts().get(attempt).series(NAMES, 0, Long.MAX_VALUE, 400));
      assertThat(one.attempts().get(attempt).view())
          .isEqualTo(other.attempts().get(attempt).view());
    }
    assertThat(one.loss()).isEqualTo(other.loss()).isEqualTo(181.0);
    assertThat(one.step()).isEqualTo(other.step()).isEqualTo(179);
    assertThat(one.pace().perSecond()).isEqualTo(other.pace().perSecond());
  }

  @Test
  void keepsTheFirst24Series() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      metrics.put("m" + i, 1.0);
    }
    run.take(
        Records.event(
            "run", 0, 0, StepCompleted.newBuilder().setLoss(1.0).setMetrics(metrics).build()),
        budget);
    assertThat(run.seriesNames()).hasSize(AttemptCurves.MOST_SERIES).contains("loss");
  }

  @Test
  void notesEvaluationsCheckpointsAndWhatWasApplied() {
    run.take(
        Records.event("run", 0, 3, new EvaluationCompleted(0.5, Map.of("accuracy", 0.9))), budget);
    run.take(Records.event("run", 0, 4, new AdviceApplied(2.0, 1.5, 3L)), budget);
    for (int i = 0; i < 40; i++) {
      run.take(Records.event("run", 0, 5 + i, new CheckpointSaved("s3://c" + i, null)), budget);
    }
    assertThat(run.seriesNames()).containsExactly("clip_threshold", "eval:accuracy", "eval_loss");
    assertThat(run.appliedThreshold()).isEqualTo(1.5);
    assertThat(run.checkpoints()).hasSize(32);
    assertThat(run.checkpoints().get(31).step()).isEqualTo(44);
  }

  @Test
  void withdrawnAdviceIsGone() {
    run.take(Records.advice("default", "run", 1, 2.5));
    assertThat(run.advice()).isNotNull();
    run.take((ClipRecommendation) null);
    assertThat(run.advice()).isNull();
  }

  @Test
  void whatIsOlderOfAnotherAttemptIsPassedOver() {
    var newer = Records.statistics("default", "run", 2, 10, 1, 1);
    run.take(newer);
    run.take(Records.statistics("default", "run", 1, 90, 9, 9));
    assertThat(run.statistics()).isSameAs(newer);
    assertThat(run.attempt()).isEqualTo(2);
  }

  @Test
  void heatMapsBeginAgainWithAnAttempt() {
    run.take(layers(0, 0, 4), budget);
    assertThat(run.grid(LayerKind.GRADIENT)).isNotNull();
    assertThat(run.histograms().steps()).containsExactly(0L);
    run.take(Records.step("run", 1, 0, 1, 1), budget);
    assertThat(run.grid(LayerKind.GRADIENT)).isNull();
    assertThat(run.histograms().steps()).isEmpty();
  }

  @Test
  void aRunWithoutMemoryForHeatMapsGoesWithoutUntilTheOtherIsOld() {
    DetailBudget small = new DetailBudget(LayerGrid.bytes(4) + HistogramStrip.BYTES);
    RunStory other = new RunStory(new RunKey("default", "other"));
    other.take(layers(0, 0, 4), small);
    run.take(layers(0, 0, 4), small);
    assertThat(other.grid(LayerKind.GRADIENT)).isNotNull();
    assertThat(run.grid(LayerKind.GRADIENT)).isNull();
    for (int step = 3_601; step < 3_900; step++) {
      run.take(layers(0, step, 4), small);
    }
    assertThat(run.grid(LayerKind.GRADIENT)).isNotNull();
    assertThat(other.grid(LayerKind.GRADIENT)).isNull();
  }

  @Test
  void aRunThatEndedGivesItsMemoryAtOnceAndTooMuchIsNeverGiven() {
    DetailBudget small = new DetailBudget(LayerGrid.bytes(4));
    RunStory other = new RunStory(new RunKey("default", "other"));
    assertThat(small.take(other, LayerGrid.bytes(4) + 1)).isFalse();
    assertThat(small.take(other, LayerGrid.bytes(4))).isTrue();
    assertThat(small.take(run, 1)).isFalse();
    other.take(Records.event("other", 0, 1, Records.ended(RunOutcome.COMPLETED)), small);
    assertThat(small.take(run, 1)).isTrue();
    small.give(run);
    assertThat(small.take(other, LayerGrid.bytes(4))).isTrue();
  }

  @Test
  void aRunOfWhichOnlyAnAlarmIsLeftHasItsTime() {
    run.alarmed(Records.START + 7);
    assertThat(run.updatedAt()).isEqualTo(Records.START + 7);
    run.take(Records.step("run", 0, 0, 1, 1), budget);
    assertThat(run.updatedAt()).isEqualTo(Records.START);
  }

  private SeriesPage.Curve curve(int attempt, String name) {
    return run.attempts().get(attempt).series(NAMES, 0, Long.MAX_VALUE, 400).series().get(name);
  }

  private static TrainingEvent ranked(Integer rank, long step, double loss) {
    TrainingEvent event = Records.step("run", 0, step, loss, 1);
    event.setRank(rank);
    return event;
  }

  private static TrainingEvent layers(int attempt, long step, int count) {
    return Records.event(
        "run",
        attempt,
        step,
        StepCompleted.newBuilder()
            .setLayerGradNorms(Collections.nCopies(count, 1f))
            .setHistogram(new Log2Histogram(0, List.of(1L), 0L, 0L))
            .build());
  }
}

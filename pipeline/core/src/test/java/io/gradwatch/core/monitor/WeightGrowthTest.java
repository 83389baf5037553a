package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmLatch;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightGrowthTest {
  private static final int PERSISTENCE = Policy.defaults().weightGrowth().persistence();

  private final Trainings training = Trainings.watchedBy(AlarmKind.WEIGHT_GROWTH, 81);

  private void weights(double... norms) {
    training.observe(observation(norms));
  }

  private static Observation observation(double... norms) {
    float[] floats = new float[norms.length];
    for (int i = 0; i < norms.length; i++) {
      floats[i] = (float) norms[i];
    }
    return new Observation().setLayers(LayerSeries.WEIGHT_NORM, floats);
  }

  /** Weights that wander: with the square root of the age, as noise moves them. */
  private double wander(double start) {
    return StrictMath.sqrt(start * start + 0.01 * training.step) * (1 + 1e-4 * training.noise());
  }

  private void healthy(int steps) {
    for (int i = 0; i < steps; i++) {
      weights(wander(5), wander(8), wander(2));
    }
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void weightsThatMoveWithAnyPowerOfTheirAgeUpToTheOrderAreLearning(int interval) {
    for (int i = 0; i < 20_000; i += interval) {
      training.step = i;
      double age = i + 1;
      weights(5 * StrictMath.sqrt(age), 8 + age, 100 + 20 * StrictMath.log(age), 1e-7 * age * age);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {1, 10, 50})
  void growthByANegativeWeightDecayPagesBeforeItDoubledTwice(int interval) {
    double rate = 0.008;
    for (int i = 0; i < 1_400; i += interval) {
      training.step = i;
      double factor = StrictMath.exp(rate * Math.max(0, i - 1_000));
      weights(5 * factor, 8 * factor, 2 * factor);
    }
    assertThat(training.opened()).hasSize(1);
    Alarm page = training.opened().get(0);
    assertThat(page.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(page.step()).isBetween(1_000L, 1_174L);
    assertThat(page.onsetStep()).isBetween(1_000L - interval, 1_000L + interval);
    double doubling = StrictMath.log(2) / rate;
    assertThat(Trainings.evidence(page, "weight_doubling_steps"))
        .isCloseTo(doubling, within(0.1 * doubling));
    double overflow =
        (StrictMath.log(Float.MAX_VALUE) - StrictMath.log(Trainings.evidence(page, "weight_norm")))
            / rate;
    assertThat(Trainings.evidence(page, "weight_steps_to_overflow"))
        .isCloseTo(overflow, within(0.1 * overflow));
    assertThat(page.summary()).contains("doubling every");
  }

  @Test
  void theLayersThatGrowAreNamedInTheOrderInWhichTheyStarted() {
    training.started("embed", "middle", "head");
    healthy(500);
    for (int i = 0; i < 60; i++) {
      weights(5, 8 * StrictMath.exp(0.05 * Math.max(0, i - 10)), 2 * StrictMath.exp(0.05 * i));
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).layers().get(0).name()).isEqualTo("head");
    weights(5, 80, 40);
    assertThat(training.alarms).extracting(Alarm::severity).containsOnly(Severity.CRITICAL);
  }

  @Test
  void corruptedWeightsPageAtTheSecondValueAndNameTheHost() {
    training.started("embed", "attn", "head");
    healthy(600);
    for (int i = 0; i < PERSISTENCE; i++) {
      assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
      training.observe(
          observation(5, 600, 2)
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {0.01f, 0.02f, 0.01f}));
    }
    Alarm page = training.opened().get(0);
    assertThat(page.onsetStep()).isEqualTo(599);
    assertThat(page.step()).isEqualTo(599 + PERSISTENCE);
    assertThat(page.summary()).contains("attn", "jumped at step 600", "does not explain");
    assertThat(page.actions())
        .extracting(Alarm.SuggestedAction::action)
        .contains(ActionKind.CHECK_HOST, ActionKind.ROLL_BACK);
  }

  @Test
  void aJumpThatItsUpdateExplainsDoesNotAccuseTheHost() {
    healthy(600);
    for (int i = 0; i < 3; i++) {
      training.observe(
          observation(5, 600, 2)
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {0.01f, 598, 0.01f}));
    }
    assertThat(training.opened().get(0).actions())
        .extracting(Alarm.SuggestedAction::action)
        .doesNotContain(ActionKind.CHECK_HOST);
  }

  @ParameterizedTest(name = "one value of {0}")
  @ValueSource(doubles = {1e30, Double.NaN, Double.POSITIVE_INFINITY, 0, Double.MIN_VALUE})
  void oneWrongNumberPagesNobody(double wrong) {
    healthy(300);
    weights(5, wrong, 2);
    healthy(300);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void weightsThatGoToZeroWarn() {
    training.started("embed", "middle", "head");
    healthy(300);
    for (int i = 0; i < PERSISTENCE; i++) {
      assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
      weights(5, 8, 0);
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).severity()).isEqualTo(Severity.WARNING);
    assertThat(training.opened().get(0).summary()).contains("head", "went to zero at step 300");
    healthy(30);
    assertThat(training.alarms)
        .last()
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RECOVERED);
  }

  @Test
  void weightsThatWereNeverAboveZeroAreNotGone() {
    for (int i = 0; i < 300; i++) {
      weights(5, 0, 2);
    }
    for (int i = 1; i < 300; i++) {
      weights(5, 1e-5 * i * i, 2);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aBiasThatPassesThroughZeroIsNoGrowth() {
    for (int i = 0; i < 3_000; i++) {
      weights(5, 8, 0.3 * Math.abs(StrictMath.sin(i / 40.0)));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void raisesOnceWhileGrowthLastsAndResolvesWhenItStopped() {
    healthy(500);
    double last = 5;
    for (int i = 0; i < 200; i++) {
      last = 5 * StrictMath.exp(0.02 * i);
      weights(last, last, last);
    }
    assertThat(training.opened()).hasSize(1);
    for (int i = 0; i < 2 * AlarmLatch.PAGE_CLEAR; i++) {
      weights(last, last, last);
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.alarms).last().extracting(Alarm::state).isEqualTo(AlarmState.RESOLVED);
  }

  @Test
  void theAgeCountsAnewAfterARewind() {
    healthy(500);
    for (int i = 0; i < 30; i++) {
      weights(5 * StrictMath.exp(0.05 * i), 8, 2);
    }
    training.attempt = 1;
    training.step = 400;
    healthy(100);
    assertThat(training.alarms).last().extracting(Alarm::resolution).isEqualTo(Resolution.REWOUND);
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void aRunWithoutWeightNormsIsNotJudged() {
    training.healthySteps(300);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  /** Weights that stay, with updates of a share of them. */
  private void updates(double... shares) {
    float[] norms = new float[shares.length];
    for (int i = 0; i < shares.length; i++) {
      norms[i] = (float) (10 * shares[i]);
    }
    training.observe(observation(10, 10, 10, 10).setLayers(LayerSeries.UPDATE_NORM, norms));
  }

  @Test
  void updatesThatRewriteMostLayersPageAtTheFourthInARow() {
    int rows = Policy.defaults().weightGrowth().rewritePersistence();
    for (int i = 0; i < rows - 1; i++) {
      updates(0.06, 0.06, 0.06, 0.001);
    }
    updates(0.06, 0.06, 0.04, 0.001);
    for (int i = 0; i < rows - 1; i++) {
      updates(0.06, 0.06, 0.06, 0.001);
    }
    assertThat(training.alarms).as("a blip of one less").extracting(Alarm::summary).isEmpty();
    updates(0.06, 0.06, 0.06, 0.001);
    assertThat(training.opened()).hasSize(1);
    Alarm page = training.opened().get(0);
    assertThat(page.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(page.onsetStep()).isEqualTo(rows);
    double ratio = StrictMath.sqrt(3 * 0.06 * 0.06 / 4);
    assertThat(Trainings.evidence(page, "update_to_weight")).isCloseTo(ratio, within(1e-3));
    assertThat(page.actions().get(0).action()).isEqualTo(ActionKind.LOWER_LEARNING_RATE);
    assertThat(page.actions().get(0).value()).isCloseTo(0.001 / ratio, within(1e-3));
  }

  @Test
  void updatesThatRewriteTheWeightsPageOnceTheirLossStaysAboveTheOneBeforeThem() {
    double[] paying = {30, 28, 31, 25, 32, 29, 24, 20, 27, 22};
    for (double loss : paying) {
      rewrites(loss);
    }
    assertThat(training.alarms).as("it learns").extracting(Alarm::summary).isEmpty();
    rewrites(31);
    rewrites(35);
    assertThat(training.alarms).as("two above").extracting(Alarm::summary).isEmpty();
    rewrites(33);
    assertThat(training.opened()).hasSize(1);
  }

  private void rewrites(double loss) {
    training.observe(
        observation(10, 10, 10, 10)
            .set(Scalar.LOSS, loss)
            .setLayers(LayerSeries.UPDATE_NORM, new float[] {1, 1, 1, 1}));
  }

  @Test
  void layersThatStartAtZeroAreNotRewritten() {
    for (int i = 0; i < 300; i++) {
      training.observe(
          observation(10, i * 0.01, 10, i * 0.01)
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {0.01f, 0.01f, 0.01f, 0.01f}));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }
}

package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cures an alarm chooses, by what was seen. */
class SuggestedActionsTest {
  private static final int QUIET = 300;
  private static final int DOUBLING = 20;

  private final Trainings exploding = Trainings.watchedBy(AlarmKind.EXPLODING_GRADIENT, 71);
  private final Trainings diverging = Trainings.watchedBy(AlarmKind.DIVERGENCE, 72);

  private static List<ActionKind> kinds(Alarm alarm) {
    return alarm.actions().stream().map(SuggestedAction::action).toList();
  }

  private static SuggestedAction find(Alarm alarm, ActionKind kind) {
    return alarm.actions().stream()
        .filter(action -> action.action() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + alarm.actions()));
  }

  /** Four layers of norm 2, some of which double again and again. */
  private Alarm explosionOf(List<String> names, List<String> growing) {
    exploding.started(names.toArray(String[]::new));
    for (int i = 0; i < QUIET + 6 * DOUBLING; i++) {
      double growth = StrictMath.pow(2, Math.max(0, i - QUIET) / (double) DOUBLING);
      float[] norms = new float[names.size()];
      for (int layer = 0; layer < norms.length; layer++) {
        double factor = growing.contains(names.get(layer)) ? growth : 1;
        norms[layer] = (float) (2 * factor * StrictMath.exp(0.05 * exploding.noise()));
      }
      double loss = 1.9 * StrictMath.exp(0.03 * exploding.noise());
      exploding.observe(
          exploding.healthy().set(Scalar.LOSS, loss).setLayers(LayerSeries.GRAD_NORM, norms));
    }
    assertThat(exploding.opened()).hasSize(1);
    return exploding.opened().get(0);
  }

  @Test
  void aLayerThatGrowsAloneIsClippedByItselfAtTheNormItHad() {
    Alarm alarm = explosionOf(List.of("embed", "a", "b", "head"), List.of("b"));
    SuggestedAction clip = find(alarm, ActionKind.CLIP_LAYERS);
    assertThat(clip.text()).contains("b at ");
    assertThat(clip.value()).isBetween(2.0, 2.5);
    assertThat(kinds(alarm)).doesNotContain(ActionKind.TRUNCATE_BACKPROPAGATION);
  }

  @Test
  void whereMostLayersGrowTheyAreNotClippedOneByOne() {
    Alarm alarm = explosionOf(List.of("embed", "a", "b", "head"), List.of("a", "b", "head"));
    assertThat(kinds(alarm)).doesNotContain(ActionKind.CLIP_LAYERS);
  }

  @Test
  void aRecurrentLayerThatGrowsHasItsBackpropagationTruncated() {
    Alarm alarm =
        explosionOf(List.of("embed", "encoder.LSTM_0", "norm", "head"), List.of("encoder.LSTM_0"));
    assertThat(find(alarm, ActionKind.TRUNCATE_BACKPROPAGATION).text()).contains("encoder.LSTM_0");
  }

  @Test
  void aRecurrentLayerThatDoesNotGrowIsLeftAlone() {
    Alarm alarm = explosionOf(List.of("embed", "lstm", "norm", "head"), List.of("head"));
    assertThat(kinds(alarm)).doesNotContain(ActionKind.TRUNCATE_BACKPROPAGATION);
  }

  @Test
  void aRunLostInItsFirstStepsBeginsOtherwise() {
    for (int i = 0; i < 30; i++) {
      exploding.observe(
          new Observation().set(Scalar.LOSS, 2.3 + 0.1 * i).set(Scalar.GRAD_NORM, i < 3 ? 1 : 1e3));
    }
    Alarm alarm = exploding.opened().get(0);
    assertThat(find(alarm, ActionKind.CHECK_INITIALISATION).text()).contains("Glorot", "He");
    assertThat(alarm.actions()).anyMatch(action -> action.text().contains("warm up"));
    assertThat(kinds(alarm)).doesNotContain(ActionKind.ROLL_BACK, ActionKind.SKIP_BATCHES);
  }

  private Alarm divergence(int quiet) {
    for (int i = 0; i < quiet; i++) {
      diverging.observe(new Observation().set(Scalar.LOSS, loss(2)));
    }
    for (int i = 0; i < 30; i++) {
      diverging.observe(new Observation().set(Scalar.LOSS, loss(8)));
    }
    assertThat(diverging.opened()).hasSize(1);
    return diverging.opened().get(0);
  }

  private double loss(double level) {
    return level * StrictMath.exp(0.03 * diverging.noise());
  }

  @Test
  void batchesBetweenTheCheckpointAndTheOnsetAreSkipped() {
    diverging.send(0, new RunEvent.CheckpointSaved("s3://runs/0", 0));
    Alarm alarm = divergence(QUIET);
    assertThat(find(alarm, ActionKind.ROLL_BACK).value()).isEqualTo(0);
    SuggestedAction skip = find(alarm, ActionKind.SKIP_BATCHES);
    assertThat(skip.value()).isEqualTo((double) alarm.onsetStep());
    assertThat(skip.text()).contains("to step " + alarm.onsetStep());
  }

  @Test
  void withoutAnyNormClippingBeginsAtWhatIsUsual() {
    Alarm alarm = divergence(QUIET);
    assertThat(find(alarm, ActionKind.LOWER_CLIP_THRESHOLD).value()).isEqualTo(1.0);
    assertThat(find(alarm, ActionKind.CLIP_BY_VALUE).value()).isEqualTo(0.5);
  }

  @Test
  void whereNormsAreKnownTheThresholdIsTheOneAdvised() {
    Alarm alarm = explosionOf(List.of("a", "b", "c", "d"), List.of("a", "b", "c"));
    assertThat(kinds(alarm)).contains(ActionKind.LOWER_CLIP_THRESHOLD);
    assertThat(kinds(alarm)).doesNotContain(ActionKind.CLIP_BY_VALUE);
  }

  @Test
  void aThresholdBelowTheAdvisedOneIsToBeRaised() {
    Trainings clipped = Trainings.watchedBy(AlarmKind.CLIP_ENGAGEMENT, 74);
    for (int i = 0; i < 1_500; i++) {
      clipped.observe(clipped.healthy().set(Scalar.CLIP_THRESHOLD, 0.01));
    }
    SuggestedAction only = clipped.opened().get(0).actions().get(0);
    assertThat(only.action()).isEqualTo(ActionKind.OTHER);
    assertThat(only.value()).isBetween(0.5, 5.0);
    assertThat(only.text()).startsWith("Raise the clip threshold to ").contains(": at 0.01000 it");
    assertThat(clipped.opened().get(0).actions()).hasSize(1);
  }

  @Test
  void aTrainingThatSwingsIsGivenHalfTheBatch() {
    Trainings swinging = Trainings.watchedBy(AlarmKind.INSTABILITY, 73);
    for (int i = 0; i < 400; i++) {
      double swing = i < QUIET ? 0.1 * swinging.noise() : i % 2 == 0 ? 0.3 : -0.3;
      swinging.observe(
          new Observation()
              .set(Scalar.LOSS, 2 + swing + 0.02 * swinging.noise())
              .set(Scalar.BATCH_SIZE, 64));
    }
    Alarm alarm = swinging.opened().get(0);
    assertThat(alarm.summary()).contains("swings");
    assertThat(find(alarm, ActionKind.LOWER_BATCH_SIZE).value()).isEqualTo(32);
  }
}

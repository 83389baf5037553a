package io.gradwatch.lab.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerturbationTest {

  /** Avro fills in defaults of trusted classes only; the codec vouches for ours. */
  @BeforeAll
  static void trustOurRecords() {
    RecordCodec.of(TrainingEvent.class);
  }

  @Test
  void blanksTheLearningRateAndNothingElse() {
    StepCompleted without = told(Perturbation.NO_LEARNING_RATE);

    assertThat(without.getLearningRate()).isNull();
    without.setLearningRate(0.25);
    assertThat(without).isEqualTo(step());
  }

  @Test
  void keepsTheWholeModelsNormWithoutLayers() {
    StepCompleted without = told(Perturbation.NO_LAYERS);

    assertThat(without.getGradNorm()).isEqualTo(8);
    assertThat(without.getLayerGradNorms()).isNull();
    assertThat(without.getLayerWeightNorms()).isNull();
    assertThat(without.getLayerUpdateNorms()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"6, true", "7, false"})
  void keepsEvenStepsOnly(long number, boolean kept) {
    TrainingEvent told = Perturbation.EVERY_SECOND_STEP.apply(event(number, step()));

    assertThat(told != null).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "LOSS_TO_FOUR_DECIMALS, 12.34567, 12.3457",
    "LOSS_TO_FOUR_DECIMALS, 0.00012, 0.0001",
    "LOSS_TO_THREE_DIGITS, 12.34567, 12.3",
    "LOSS_TO_THREE_DIGITS, 0.000123656, 0.000124",
    "LOSS_TO_THREE_DIGITS, NaN, NaN",
    "OTHER_SCALE, 12.5, 12500",
    "OTHER_SCALE, Infinity, Infinity"
  })
  void tellsTheLossDifferently(Perturbation perturbation, double loss, double told) {
    StepCompleted step = step();
    step.setLoss(loss);

    perturbation.apply(event(6, step));

    assertThat(step.getLoss()).isEqualTo(Double.valueOf(told));
  }

  @Test
  void scalesEverythingThatIsANormOrALoss() {
    StepCompleted scaled = told(Perturbation.OTHER_SCALE);
    EvaluationCompleted evaluation = new EvaluationCompleted();
    evaluation.setLoss(2.0);
    Perturbation.OTHER_SCALE.apply(event(6, evaluation));

    assertThat(scaled.getGradNorm()).isEqualTo(0.008);
    assertThat(scaled.getClipThreshold()).isEqualTo(0.001);
    assertThat(scaled.getLayerGradNorms()).containsExactly(0.002f, 0.004f);
    assertThat(scaled.getLayerWeightNorms()).containsExactly(0.016f, 0.032f);
    assertThat(scaled.getLearningRate()).isEqualTo(0.25);
    assertThat(evaluation.getLoss()).isEqualTo(2000);
  }

  private static StepCompleted told(Perturbation perturbation) {
    TrainingEvent event = Objects.requireNonNull(perturbation.apply(event(6, step())));
    return (StepCompleted) event.getBody();
  }

  private static TrainingEvent event(long step, Object body) {
    return TrainingEvent.newBuilder().setRunId("r").setStep(step).setBody(body).build();
  }

  private static StepCompleted step() {
    return StepCompleted.newBuilder()
        .setLoss(2.0)
        .setGradNorm(8.0)
        .setLearningRate(0.25)
        .setClipThreshold(1.0)
        .setLayerGradNorms(List.of(2f, 4f))
        .setLayerWeightNorms(List.of(16f, 32f))
        .setLayerUpdateNorms(List.of(0.5f, 0.5f))
        .build();
  }
}

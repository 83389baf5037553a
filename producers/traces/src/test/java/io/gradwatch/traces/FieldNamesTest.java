package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {
  @ParameterizedTest
  @CsvSource({
    "loss,LOSS",
    "Loss/train,LOSS",
    "train/loss,LOSS",
    "train_loss,LOSS",
    "lm loss,LOSS",
    "lm-loss-training/lm loss,LOSS",
    "Train/Samples/train_loss,LOSS",
    "loss_metrics/global_avg_loss,LOSS",
    "grad_norm,GRAD_NORM",
    "train/grad_norm,GRAD_NORM",
    "grad-norm,GRAD_NORM",
    "grad norm,GRAD_NORM",
    "gradient_norm,GRAD_NORM",
    "grad_2.0_norm_total,GRAD_NORM",
    "lr,LEARNING_RATE",
    "lr-AdamW,LEARNING_RATE",
    "lr-AdamW/pg1,LEARNING_RATE",
    "learning-rate,LEARNING_RATE",
    "train/learning_rate,LEARNING_RATE",
    "eval/loss,EVAL_LOSS",
    "val_loss,EVAL_LOSS",
    "Loss/val,EVAL_LOSS",
    "lm loss validation,EVAL_LOSS",
    "loss-scale,LOSS_SCALE",
    "batch-size,BATCH_SIZE",
    "number of skipped iterations,SKIPPED_ITERATIONS",
    "global_step,STEP",
    "trainer/global_step,STEP"
  })
  void knowsWhatLoggersCallTheFields(String name, Field field) {
    assertThat(FieldNames.common().field(name)).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({
    "accuracy",
    "train/accuracy",
    "loss_weight",
    "lm loss vs samples",
    "grad_norm/block.0"
  })
  void leavesOtherSeriesAlone(String name) {
    assertThat(FieldNames.common().field(name)).isNull();
  }

  @Test
  void readsRecordingsByTheirOwnNamesOnly() {
    assertThat(FieldNames.exact().field("train_loss")).isNull();
    assertThat(FieldNames.exact().field("val_loss")).isEqualTo(Field.EVAL_LOSS);
  }

  @Test
  void aChosenNameStandsAloneForItsField() {
    FieldNames names = FieldNames.common().with(Map.of("loss", "train/objective"));

    assertThat(names.field("train/objective")).isEqualTo(Field.LOSS);
    assertThat(names.field("loss")).isNull();
    assertThat(names.field("lr")).isEqualTo(Field.LEARNING_RATE);
  }

  @Test
  void ofSeveralRulesTheFirstCounts() {
    FieldNames names =
        FieldNames.common()
            .with(name -> name.startsWith("a"), "loss")
            .with(name -> name.startsWith("ab"), "grad_norm");

    assertThat(names.field("abc")).isEqualTo(Field.LOSS);
    assertThat(names.field("loss")).isNull();
  }

  @Test
  void prefersTheRecordingsNameToACommonOne() {
    FieldNames names = FieldNames.common();

    assertThat(names.prefers("loss", "train_loss")).isTrue();
    assertThat(names.prefers("train_loss", "loss")).isFalse();
    assertThat(names.prefers("train_loss_step", "epoch_loss")).isTrue();
  }

  @Test
  void refusesAFieldThatThereIsNot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FieldNames.common().with(Map.of("los", "x")))
        .withMessageContaining("no field 'los'")
        .withMessageContaining("grad_norm");
  }

  @Test
  void refusesOneNameForTwoFields() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FieldNames.common().with(Map.of("loss", "x", "grad_norm", "x")))
        .withMessageContaining("'x' cannot stand for both");
  }
}

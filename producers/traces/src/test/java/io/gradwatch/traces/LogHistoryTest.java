package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogHistoryTest {
  @TempDir Path folder;

  private List<TraceRow> read(String text) throws Exception {
    return LogHistory.read(
        Files.writeString(folder.resolve("trainer_state.json"), text), FieldNames.common());
  }

  @Test
  void readsTheHistoryAmongWhatElseTheTrainerKeeps() throws Exception {
    List<TraceRow> rows =
        read(
            """
            {
              "best_metric": null,
              "stateful_callbacks": {"TrainerControl": {"args": {"a": [1, {}]}}},
              "log_history": [
                {"epoch": 0.1, "grad_norm": NaN, "learning_rate": 5e-05, "loss": 2.5, "step": 10},
                {"epoch": 0.2, "eval_loss": 2.25, "eval_runtime": 3.5, "step": 20}
              ],
              "max_steps": 100
            }
            """);

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).stepNumber()).isEqualTo(10);
    assertThat(rows.get(0).step.getGradNorm()).isNaN();
    assertThat(rows.get(1).evaluation.getLoss()).isEqualTo(2.25);
    assertThat(rows.get(1).hasStep()).isFalse();
  }

  @Test
  void aStateWithoutHistoryHasNoRows() throws Exception {
    assertThat(read("{\"max_steps\": 100}")).isEmpty();
  }

  @Test
  void refusesHalfAFile() {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> read("{\"log_history\": [{\"step\": 10, \"lo"))
        .withMessageContaining("trainer_state.json: line 1: no JSON");
  }
}

package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvLinesTest {
  private final CsvLines lines = new CsvLines(FieldNames.common());
  private long line;

  private TraceRow read(String text) throws TraceFormatException {
    return lines.read(text, "metrics.csv", ++line);
  }

  private List<Object> bodies(String... texts) throws TraceFormatException {
    RunEvents run = new RunEvents("run");
    List<TrainingEvent> events = new ArrayList<>();
    for (String text : texts) {
      TraceRow row = read(text);
      if (row != null) {
        run.accept(row, events::add);
      }
    }
    return events.stream()
        .map(TrainingEvent::getBody)
        .filter(body -> !(body instanceof RunStarted))
        .toList();
  }

  @Test
  void readsLightningsRowsOfTrainingAndValidationApart() throws Exception {
    List<Object> bodies =
        bodies(
            "epoch,lr-AdamW,step,train_loss_epoch,train_loss_step,val_loss",
            "0,0.001,49,,2.5,",
            "0,,99,,,2.25",
            "0,,99,2.4,,");

    assertThat(((StepCompleted) bodies.get(0)).getLoss()).isEqualTo(2.5);
    assertThat(((StepCompleted) bodies.get(0)).getLearningRate()).isEqualTo(0.001);
    assertThat(((StepCompleted) bodies.get(0)).getMetrics()).containsOnlyKeys("epoch");
    assertThat(((EvaluationCompleted) bodies.get(1)).getLoss()).isEqualTo(2.25);
    assertThat(((StepCompleted) bodies.get(2)).getLoss()).isNull();
    assertThat(((StepCompleted) bodies.get(2)).getMetrics()).containsEntry("train_loss_epoch", 2.4);
  }

  @Test
  void takesTheHeaderAgainWhereItStandsOnceMore() throws Exception {
    assertThat(read("step,loss")).isNull();
    assertThat(read("1,2.5").stepNumber()).isEqualTo(1);
    assertThat(read("step,grad_norm,loss")).isNull();
    assertThat(lines.header()).isEqualTo("step,grad_norm,loss");
    assertThat(read("2,7,2.25").step.getGradNorm()).isEqualTo(7.0);
  }

  @Test
  void saysWhereAndWhatWhenARowIsRagged() throws Exception {
    read("step,loss");
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> read("1,2,3"))
        .withMessage("metrics.csv: line 2: found 3 cells; allowed: 2, as many as the header has");
    assertThat(read("2,2.5").stepNumber()).isEqualTo(2);
  }

  @Test
  void beginsAnewWithAnotherHeader() throws Exception {
    read("step,loss");
    lines.begin();
    assertThat(lines.header()).isNull();
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> read("1,2.5"))
        .withMessageContaining("no column 'step'");
  }
}

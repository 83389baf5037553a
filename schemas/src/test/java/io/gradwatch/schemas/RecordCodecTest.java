package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);

  @Test
  void readsBackWhatItWrote() throws RecordFormatException {
    TrainingEvent event = step();
    assertThat(CODEC.decode(CODEC.encode(event))).isEqualTo(event);
  }

  private static TrainingEvent step() {
    return TrainingEvent.newBuilder()
        .setRunId("run")
        .setStep(7)
        .setBody(
            StepCompleted.newBuilder()
                .setLoss(Double.NaN)
                .setLayerGradNorms(List.of(1f, Float.POSITIVE_INFINITY))
                .build())
        .build();
  }
}

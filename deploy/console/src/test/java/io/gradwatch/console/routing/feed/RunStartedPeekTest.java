package io.gradwatch.console.routing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunStartedPeekTest {
  private final RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
  private final RunStartedPeek peek = new RunStartedPeek(RecordCodec.of(TrainingEvent.class));

  @Test
  void decodesThoseOnlyThatTellOfARun() throws Exception {
    RunStarted started =
        RunStarted.newBuilder().setOwner("ada").setTags(Map.of("host", "h1")).build();
    assertThat(peek.decode(event(started, null)))
        .extracting(TrainingEvent::getBody)
        .isEqualTo(started);
    assertThat(peek.decode(event(started, 3))).isNotNull();
    assertThat(peek.decode(event(StepCompleted.newBuilder().setLoss(1.0).build(), 0))).isNull();
    assertThat(peek.decode(event(Heartbeat.newBuilder().build(), null))).isNull();
  }

  @Test
  void refusesWhatIsNoEvent() {
    byte[] event = event(Heartbeat.newBuilder().build(), null);
    for (int length = 0; length < event.length; length++) {
      byte[] cut = Arrays.copyOf(event, length);
      assertThatThrownBy(() -> peek.decode(cut)).isInstanceOf(RecordFormatException.class);
    }
    assertThatThrownBy(() -> peek.decode(null)).isInstanceOf(RecordFormatException.class);
  }

  private byte[] event(Object body, @Nullable Integer rank) {
    return codec.encode(
        TrainingEvent.newBuilder()
            .setRunId("resnet-7")
            .setStep(1L << 40)
            .setEmittedAt(1)
            .setRank(rank)
            .setBody(body)
            .build());
  }
}

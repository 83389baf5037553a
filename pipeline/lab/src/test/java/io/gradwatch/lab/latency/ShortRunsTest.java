package io.gradwatch.lab.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShortRunsTest {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
  private static final int AT_ONCE = 3;
  private static final int STEPS = 200;

  private final ShortRuns runs = new ShortRuns(AT_ONCE, STEPS, 2);

  @Test
  void tellEveryStepOfEveryRunInItsOrderAndEndIt() throws Exception {
    Map<String, Long> next = new HashMap<>();
    for (long n = 0; n < 2 * AT_ONCE * STEPS; n++) {
      ShortRuns.Turn turn = runs.turn(n);
      TrainingEvent event = CODEC.decode(runs.value(turn));

      assertThat(event.getRunId())
          .isEqualTo(ShortRuns.name(turn.run()))
          .isEqualTo(new String(runs.key(turn), StandardCharsets.UTF_8));
      assertThat(event.getStep())
          .isEqualTo(turn.step())
          .isEqualTo(next.merge(event.getRunId(), 1L, Long::sum) - 1);
      assertThat(event.getBody() instanceof RunEnded).isEqualTo(turn.step() == STEPS - 1);
    }
    assertThat(next).hasSize(2 * AT_ONCE).containsValue((long) STEPS);
  }

  @Test
  void haveOneNormThatIsNoNumberEachBetweenStepsThatAreWell() throws Exception {
    Map<String, Long> raising = new HashMap<>();
    for (long n = 0; n < 2 * AT_ONCE * STEPS; n++) {
      TrainingEvent event = CODEC.decode(runs.value(runs.turn(n)));
      if (event.getBody() instanceof StepCompleted step && step.getGradNorm().isNaN()) {
        assertThat(runs.turn(n).raises()).isTrue();
        assertThat(raising.put(event.getRunId(), event.getStep())).isNull();
      }
    }
    assertThat(raising).hasSize(2 * AT_ONCE);
    assertThat(raising.values()).allMatch(step -> step >= 1 && step <= STEPS - 3);
  }

  @Test
  void nameEveryRunApart() {
    assertThat(ShortRuns.name(0)).hasSameSizeAs(ShortRuns.name(999_999_999));
    assertThat(new String(runs.key(runs.turn(600L * 1_234_567)), StandardCharsets.UTF_8))
        .isEqualTo("run-003703701");
  }

  @Test
  void raiseTheirAlarmsEarlyWhereTheyGoOnForEver() throws Exception {
    ShortRuns endless = ShortRuns.endless(AT_ONCE, 23, 2, Reported.ALL_NORMS);
    for (long n = 0; n < AT_ONCE * 600L; n++) {
      ShortRuns.Turn turn = endless.turn(n);
      TrainingEvent event = CODEC.decode(endless.value(turn));
      assertThat(turn.run()).isLessThan(AT_ONCE);
      assertThat(event.getStep()).isEqualTo(n / AT_ONCE);
      assertThat(event.getBody())
          .isInstanceOfSatisfying(
              StepCompleted.class,
              step -> {
                assertThat(step.getGradNorm().isNaN()).isEqualTo(turn.raises());
                assertThat(step.getLayerUpdateNorms()).hasSize(2);
              });
      assertThat(turn.raises()).isEqualTo(turn.step() == 1 + turn.run());
    }
    assertThat(endless.raisingStep(19)).isEqualTo(20);
    assertThat(endless.raisingStep(20)).isEqualTo(1);
  }

  @Test
  void needRoomForTheirAlarm() {
    assertThatThrownBy(() -> new ShortRuns(1, ShortRuns.FEWEST_STEPS - 1, 1))
        .hasMessageContaining("1 runs of 3 events");
    assertThat(new ShortRuns(1, ShortRuns.FEWEST_STEPS, 1).raisingStep(7)).isEqualTo(1);
  }
}

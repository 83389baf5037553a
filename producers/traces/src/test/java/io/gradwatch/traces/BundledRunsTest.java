package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RunLabel.Outcome;
import io.gradwatch.traces.RunLabel.Spike;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BundledRunsTest {

  @Test
  void showEveryKindOfRun() {
    assertThat(BundledRuns.names()).hasSize(14);
    assertThat(BundledRuns.names().stream().map(BundledRuns::label).map(RunLabel::outcome))
        .contains(Outcome.DIVERGED, Outcome.SPIKED, Outcome.STALLED, Outcome.HEALTHY);
    assertThat(BundledRuns.label("dev-spike_bad_batch-00"))
        .isEqualTo(
            new RunLabel(
                Outcome.SPIKED,
                604L,
                null,
                List.of(new Spike(604, 607), new Spike(664, 667), new Spike(761, 764))));
    assertThat(BundledRuns.label("dev-div_lr_ramp_gpt-01").failureStep()).isEqualTo(881);
    assertThat(BundledRuns.label("dev-healthy_lstm-01").onsetStep()).isNull();
  }

  @ParameterizedTest
  @MethodSource("io.gradwatch.traces.BundledRuns#names")
  void readToTheirEnd(String name) throws Exception {
    try (RecordedRun run = BundledRuns.open(name)) {
      List<TrainingEvent> events = TraceFiles.all(run);

      assertThat(run.runId()).isEqualTo(name);
      assertThat(events.get(0).getBody()).isInstanceOf(RunStarted.class);
      assertThat(events.get(events.size() - 1).getBody()).isInstanceOf(RunEnded.class);
      int layers = ((RunStarted) events.get(0).getBody()).getLayerNames().size();
      List<StepCompleted> steps = TraceFiles.bodies(events, StepCompleted.class);
      assertThat(layers).isPositive();
      assertThat(steps)
          .hasSizeGreaterThanOrEqualTo(100)
          .allSatisfy(
              step -> {
                assertThat(step.getLoss()).isNotNull();
                assertThat(step.getGradNorm()).isNotNull();
                assertThat(step.getLayerGradNorms()).hasSize(layers);
                assertThat(step.getMetrics()).isEmpty();
              });
      assertThat(events.get(events.size() - 1).getStep()).isEqualTo(steps.size() - 1);
    }
  }

  @Test
  void refuseOtherNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BundledRuns.open("no-such-run"))
        .withMessageStartingWith("no bundled run 'no-such-run'; there are [dev-");
  }
}

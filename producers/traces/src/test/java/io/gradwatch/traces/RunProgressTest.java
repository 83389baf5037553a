package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private static TraceRow row(String json) throws TraceFormatException {
    return JsonLine.read(json, "log", 1, FieldNames.common(), true);
  }

  @Test
  void anotherReaderGoesOnWhereTheFirstStopped() throws Exception {
    List<TrainingEvent> events = new ArrayList<>();
    RunEvents first = new RunEvents("run", RunProgress.START);
    first.accept(row("{\"step\":1,\"loss\":2,\"grad_norm\":1,\"attempt\":3}"), events::add);

    RunEvents second = new RunEvents("run", first.progress());
    second.accept(row("{\"step\":4,\"grad_norm\":0,\"skipped_iterations\":2}"), events::add);

    assertThat(first.progress()).isEqualTo(new RunProgress(3, 1, true, List.of()));
    assertThat(events.get(2).getBody()).isInstanceOf(RunStarted.class);
    assertThat(events.get(3).getAttempt()).isEqualTo(3);
    StepCompleted step = (StepCompleted) events.get(3).getBody();
    assertThat(step.getGradNorm()).as("a norm was seen before").isEqualTo(0.0);
    assertThat(step.getUpdateSkipped()).as("2 of 3 steps").isFalse();
  }

  @Test
  void aHigherAttemptIsBegunAndALowerOneIsNot() {
    RunProgress progress = new RunProgress(2, 100, true, List.of("a"));

    assertThat(progress.inAttempt(2)).isSameAs(progress);
    assertThat(progress.inAttempt(3))
        .isEqualTo(new RunProgress(3, RunProgress.NO_STEP, true, List.of("a")));
  }

  @Test
  void aRowThatOnlySaysThatTheRunResumedLeavesNoStepToGoBackFrom() throws Exception {
    RunEvents run = new RunEvents("run");
    run.accept(row("{\"step\":200,\"loss\":2}"), event -> {});
    run.accept(row("{\"step\":200,\"event\":\"resume\"}"), event -> {});

    assertThat(run.progress()).isEqualTo(new RunProgress(1, RunProgress.NO_STEP, false, List.of()));
  }

  @Test
  void saysAgainWhoTheRunIs() throws Exception {
    List<TrainingEvent> events = new ArrayList<>();
    RunEvents run = new RunEvents("run");
    run.accept(row("{\"step\":1}"), events::add);
    run.repeatStarted();
    run.accept(row("{\"step\":2}"), events::add);

    assertThat(events)
        .extracting(event -> event.getBody().getClass().getSimpleName() + event.getAttempt())
        .containsExactly("RunStarted0", "StepCompleted0", "RunStarted0", "StepCompleted0");
  }

  @Test
  void aRowOfTheEpochAndAnEvaluationSaysNothingOfTheStep() throws Exception {
    assertThat(row("{\"step\":1,\"epoch\":1,\"val_loss\":2}").hasStep()).isFalse();
    assertThat(row("{\"step\":1,\"epoch\":1,\"acc\":1,\"val_loss\":2}").hasStep()).isTrue();
    assertThat(row("{\"step\":1,\"epoch\":1}").hasStep()).isTrue();
  }
}

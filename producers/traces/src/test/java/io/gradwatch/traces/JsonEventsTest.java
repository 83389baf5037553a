package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonEventsTest {
  private final JsonEvents events = new JsonEvents("stdin");

  @Test
  void readsTheStepsOfSeveralRuns() throws Exception {
    List<TrainingEvent> read = new ArrayList<>();
    read.addAll(
        events.read(
            "{\"run\":\"a\",\"step\":0,\"loss\":2,\"grad_norm\":0.5,\"learning_rate\":0.1,\"clip_threshold\":null}"));
    read.addAll(
        events.read("{\"run\":\"b\",\"step\":0,\"loss\":\"Infinity\",\"grad_norm\":\"NaN\"}"));
    read.addAll(events.read("  "));
    read.addAll(events.read("{\"run\":\"a\",\"step\":1,\"loss\":1.5,\"clip_threshold\":0.25}"));

    assertThat(read)
        .extracting(
            e -> e.getRunId() + " " + e.getBody().getClass().getSimpleName() + " " + e.getStep())
        .containsExactly(
            "a RunStarted 0",
            "a StepCompleted 0",
            "b RunStarted 0",
            "b StepCompleted 0",
            "a StepCompleted 1");
    StepCompleted first = (StepCompleted) read.get(1).getBody();
    assertThat(first.getLoss()).isEqualTo(2);
    assertThat(first.getClipThreshold()).isNull();
    assertThat(((StepCompleted) read.get(3).getBody()).getGradNorm()).isNaN();
    assertThat(((StepCompleted) read.get(4).getBody()).getClipThreshold()).isEqualTo(0.25);
  }

  @Test
  void goesOnAfterALineThatCannotBeRead() throws Exception {
    events.read("{\"run\":\"a\",\"step\":0,\"loss\":2}");

    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> events.read("garbage"))
        .withMessageStartingWith("stdin: line 2: no JSON: ");
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> events.read("{\"run\":\"a\",\"step\":1,\"lo"))
        .withMessageStartingWith("stdin: line 3: no JSON: ");
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> events.read("{\"step\":1,\"loss\":2}"))
        .withMessage("stdin: line 4: no field 'run'; allowed: the run's name");
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> events.read("{\"run\":\"a\",\"step\":1} {}"))
        .withMessage("stdin: line 5: found more after the object; allowed: one JSON object a line");
    assertThat(events.read("{\"run\":\"a\",\"step\":1,\"loss\":2}")).hasSize(1);
  }

  @Test
  void knowsARunThatEndedWhenItResumes() throws Exception {
    assertThat(events.read("{\"run\":\"a\",\"step\":0,\"loss\":2}")).hasSize(2);
    assertThat(events.read("{\"run\":\"a\",\"step\":0,\"event\":\"preempted\"}")).hasSize(1);
    assertThat(events.read("{\"run\":\"a\",\"step\":1,\"event\":\"resume\",\"loss\":2}"))
        .extracting(e -> e.getBody().getClass().getSimpleName() + " " + e.getAttempt())
        .containsExactly("RunStarted 1", "StepCompleted 1");
  }
}

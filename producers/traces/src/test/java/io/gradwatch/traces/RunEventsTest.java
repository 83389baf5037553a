package io.gradwatch.traces;

import static io.gradwatch.traces.TraceFiles.csv;
import static io.gradwatch.traces.TraceFiles.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunEventsTest {

  @Test
  void takesANormOfZeroForUnreportedUntilOneWasSeen() throws Exception {
    assertThat(steps("step,grad_norm\n1,0.000\n2,0\n3,0.5\n4,0\n"))
        .extracting(StepCompleted::getGradNorm)
        .containsExactly(null, null, 0.5, 0.0);
  }

  @Test
  void takesANormOfZeroAsSuchWhereTheLayersBearItOut() throws Exception {
    assertThat(steps("step,grad_norm,grad_norm/a\n1,0,0\n"))
        .extracting(StepCompleted::getGradNorm)
        .containsExactly(0.0);
    assertThat(steps("step,grad_norm,grad_abs_max\n1,0,0\n"))
        .extracting(StepCompleted::getGradNorm)
        .containsExactly(0.0);
  }

  @Test
  void leavesOutAStaleNorm() throws Exception {
    assertThat(steps("step,grad_norm,grad_norm_stale\n1,3,\n2,3,1\n3,4,0\n"))
        .extracting(StepCompleted::getGradNorm)
        .containsExactly(3.0, null, 4.0);
  }

  @Test
  void takesAThresholdThatClipsNothingAsNone() throws Exception {
    assertThat(steps("step,clip_threshold\n1,0\n2,-1\n3,Infinity\n4,NaN\n5,0.5\n"))
        .extracting(StepCompleted::getClipThreshold)
        .containsExactly(null, null, null, null, 0.5);
    assertThat(started(csv("step,clip_threshold\n1,0\n")).getClipMode())
        .isEqualTo(ClipMode.UNKNOWN);
  }

  @Test
  void takesLossScalesAndBatchSizesThatCannotBeAsNone() throws Exception {
    StepCompleted step = steps("step,loss_scale,global_batch_size\n1,-1.0,0\n").get(0);

    assertThat(step.getLossScale()).isNull();
    assertThat(step.getBatchSize()).isNull();
    assertThat(steps("step,global_batch_size\n1,2048\n").get(0).getBatchSize()).isEqualTo(2048);
  }

  @Test
  void knowsNormsThatAreMultipliedByTheLossScale() throws Exception {
    assertThat(started(csv("step,grad_norm,grad_norm_over_loss_scale\n1,65536,\n")).getNormScaled())
        .isTrue();
  }

  @Test
  void callsAStepSkippedWhenAllSinceTheRowBeforeWere() throws Exception {
    List<StepCompleted> steps = steps("step,skipped_iterations\n10,10\n20,9\n30,10\n31,1\n32,0\n");

    assertThat(steps)
        .extracting(StepCompleted::getUpdateSkipped)
        .containsExactly(true, false, true, true, false);
    assertThat(steps.get(1).getMetrics()).containsEntry("skipped_iterations", 9.0);
  }

  @Test
  void countsNanIterationsAsNonFinite() throws Exception {
    assertThat(steps("step,nan_iterations\n1,0\n2,2\n"))
        .extracting(StepCompleted::getNonfiniteCount)
        .containsExactly(null, 2.0);
  }

  @Test
  void startsAnAttemptWhenTheColumnRises() throws Exception {
    List<TrainingEvent> events =
        csv(
            "step,attempt,loss,emitted_at\n1,0,2,100\n2,0,2,200\n1,1,2,300\n3,0,2,400\n2,1,2,500\n");

    assertThat(events)
        .extracting(RunEventsTest::line)
        .containsExactly(
            "RunStarted 0/1 @100",
            "StepCompleted 0/1 @100",
            "StepCompleted 0/2 @200",
            "RunStarted 1/1 @300",
            "StepCompleted 1/1 @300",
            "StepCompleted 0/3 @400",
            "StepCompleted 1/2 @500",
            "RunEnded 1/2 @500");
  }

  @Test
  void startsAnAttemptAtAResume() throws Exception {
    assertThat(csv("step,event,loss\n1,,2\n2,checkpoint,2\n3,,2\n2,Resume,2\n3,,2\n"))
        .extracting(RunEventsTest::line)
        .containsExactly(
            "RunStarted 0/1 @0",
            "StepCompleted 0/1 @0",
            "StepCompleted 0/2 @0",
            "CheckpointSaved 0/2 @0",
            "StepCompleted 0/3 @0",
            "RunStarted 1/2 @0",
            "StepCompleted 1/2 @0",
            "StepCompleted 1/3 @0",
            "RunEnded 1/3 @0");
  }

  @Test
  void resumesOnceWhereColumnAndEventBothSaySo() throws Exception {
    assertThat(csv("step,event,attempt,loss\n1,,0,2\n1,resume,1,2\n"))
        .extracting(RunEventsTest::line)
        .containsExactly(
            "RunStarted 0/1 @0",
            "StepCompleted 0/1 @0",
            "RunStarted 1/1 @0",
            "StepCompleted 1/1 @0",
            "RunEnded 1/1 @0");
  }

  @Test
  void takesARowOfAnEventAloneAsNoStep() throws Exception {
    List<TrainingEvent> events =
        csv(
            "step,event,loss\n1,,2\n1,checkpoint,\n1,heartbeat,\n1,learning rate lowered,\n1,failed,\n");

    assertThat(events)
        .extracting(RunEventsTest::line)
        .containsExactly(
            "RunStarted 0/1 @0",
            "StepCompleted 0/1 @0",
            "CheckpointSaved 0/1 @0",
            "Heartbeat 0/1 @0",
            "RunEnded 0/1 @0");
    assertThat(((RunEnded) events.get(4).getBody()).getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(((CheckpointSaved) events.get(2).getBody()).getUri()).isEmpty();
  }

  @Test
  void letsRankZeroSpeakForARunWithRanks() throws Exception {
    assertThat(csv("step,rank,loss\n1,1,2\n1,0,2\n"))
        .extracting(TrainingEvent::getRank)
        .containsExactly(0, 1, 0, 0);
  }

  private static RunStarted started(List<TrainingEvent> events) throws IOException {
    return (RunStarted) events.get(0).getBody();
  }

  private static String line(TrainingEvent event) {
    return event.getBody().getClass().getSimpleName()
        + " "
        + event.getAttempt()
        + "/"
        + event.getStep()
        + " @"
        + event.getEmittedAt();
  }
}

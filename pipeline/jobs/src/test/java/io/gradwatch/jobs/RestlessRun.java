package io.gradwatch.jobs;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What no recorded run shows: attempts that go back and on, checkpoints, repeated and late events,
 * ranks, advice that was applied, and an end that is not the last word.
 */
final class RestlessRun {
  static final String RUN_ID = "restless";

  private final Random random = new Random(20_261_121);
  private final List<TrainingEvent> events = new ArrayList<>();
  private int attempt;

  /** Its events in the order in which they are sent. */
  static List<TrainingEvent> events() {
    return new RestlessRun().write();
  }

  /** The same as they are sent. */
  static List<Samples.Sent> sent() {
    return events().stream().map(Samples::sent).toList();
  }

  private List<TrainingEvent> write() {
    add(0, RunStarted.newBuilder().setLayerNames(List.of("in", "out")).build());
    steps(0, 200, 2);
    add(199, new CheckpointSaved("s3://restless/199", 199L));
    add(199, new CheckpointSaved("s3://restless/199", 199L));
    steps(200, 300, 2);
    steps(300, 340, 9);
    add(339, new CheckpointSaved("s3://restless/339", null));
    steps(330, 345, 2); // mostly repeated

    attempt = 1;
    add(200, RunStarted.newBuilder().setLayerNames(List.of("in", "out")).build());
    steps(200, 330, 2);
    attempt = 0;
    steps(400, 410, Double.NaN); // late, of an attempt that was given up
    attempt = 1;
    add(330, new AdviceApplied(2.0, 1.5, 320L));
    add(330, new Heartbeat());
    events.add(event(330, 1, step(Double.NaN))); // a rank where the run itself speaks
    add(330, new RunEnded(RunOutcome.PREEMPTED));

    attempt = 2;
    steps(330, 420, 2);
    steps(420, 470, 30);
    add(470, new RunEnded(RunOutcome.FAILED));
    return events;
  }

  private void steps(long from, long to, double level) {
    for (long at = from; at < to; at++) {
      add(at, step(level));
    }
  }

  private StepCompleted step(double level) {
    double noise = StrictMath.exp(0.03 * random.nextGaussian());
    float norm = (float) (0.5 * noise);
    return StepCompleted.newBuilder()
        .setLoss(level * noise)
        .setGradNorm(1.2 * noise)
        .setBatchSize(random.nextInt(15) == 0 ? 7.0 : 32.0)
        .setLayerGradNorms(List.of(norm, norm))
        .build();
  }

  private void add(long step, Object body) {
    events.add(event(step, null, body));
  }

  private TrainingEvent event(long step, @Nullable Integer rank, Object body) {
    return TrainingEvent.newBuilder()
        .setRunId(RUN_ID)
        .setAttempt(attempt)
        .setStep(step)
        .setEmittedAt(1_700_000_000_000L + events.size())
        .setRank(rank)
        .setBody(body)
        .build();
  }

  /** The same as a recording, for the backtest. */
  static RecordedRun recorded() {
    Iterator<TrainingEvent> left = events().iterator();
    return new RecordedRun() {
      @Override
      public String runId() {
        return RUN_ID;
      }

      @Override
      public @Nullable TrainingEvent next() {
        return left.hasNext() ? left.next() : null;
      }

      @Override
      public double progress() {
        return left.hasNext() ? 0 : 1;
      }

      @Override
      public void close() {}
    };
  }
}

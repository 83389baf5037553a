package io.gradwatch.traces;

import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the rows of one run into its events. */
public final class RunEvents {
  /** Objects and map entries of one run, and of the name of one layer, texts apart. */
  private static final int BYTES = 400;

  private static final int BYTES_A_NAME = 64;

  private final String runId;
  private List<String> layerNames;
  private @Nullable Newest newest;
  private long lastStep;
  private int attempt;
  private boolean ended;
  private boolean normReported;

  /** What is kept of the newest row. */
  private record Newest(int attempt, long step, long emittedAt, @Nullable Integer speaker) {}

  RunEvents(String runId) {
    this(runId, RunProgress.START);
  }

  /** Goes on with a run that was read so far; its next row gives a RunStarted again. */
  public RunEvents(String runId, RunProgress progress) {
    this.runId = runId;
    this.attempt = progress.attempt();
    this.lastStep = progress.lastStep();
    this.normReported = progress.normReported();
    this.layerNames = progress.layerNames();
  }

  /** How far the run is read. */
  public RunProgress progress() {
    return new RunProgress(attempt, lastStep, normReported, layerNames);
  }

  /** Says with the next row again who the run is, for those who join late. */
  public void repeatStarted() {
    newest = null;
  }

  /** Another that goes on from here by itself. */
  RunEvents copy() {
    RunEvents copy = new RunEvents(runId);
    copy.layerNames = layerNames;
    copy.newest = newest;
    copy.lastStep = lastStep;
    copy.attempt = attempt;
    copy.ended = ended;
    copy.normReported = normReported;
    return copy;
  }

  /** Bytes that it takes, estimated from above. */
  long bytes() {
    long bytes = BYTES + 2L * runId.length();
    for (String name : layerNames) {
      bytes += BYTES_A_NAME + 2L * name.length();
    }
    return bytes;
  }

  /** The events of one row, in their order. */
  public void accept(TraceRow row, Consumer<TrainingEvent> out) {
    int attemptBefore = attempt;
    boolean starts = startsAttempt(row);
    row.attempt = row.said.contains(Field.ATTEMPT) ? row.attempt : attempt;
    if (row.layerNames != null && !row.layerNames.equals(layerNames)) {
      layerNames = row.layerNames;
      starts = true;
    }
    if (starts) {
      out.accept(event(row, speaker(row), started(row)));
      ended = false;
    }
    if (row.hasStep()) {
      out.accept(event(row, rank(row), judged(row)));
    }
    if (row.hasEvaluation()) {
      out.accept(event(row, rank(row), row.evaluation));
    }
    switch (row.event) {
      case CHECKPOINT -> out.accept(event(row, speaker(row), new CheckpointSaved("", null)));
      case HEARTBEAT -> out.accept(event(row, rank(row), new Heartbeat()));
      default -> {}
    }
    newest = new Newest(row.attempt, row.stepNumber, row.emittedAt, speaker(row));
    if (row.hasStep() && row.rank == 0) {
      // A rank speaks for its own steps only, and a row may come late.
      lastStep = attempt == attemptBefore ? Math.max(lastStep, row.stepNumber) : row.stepNumber;
    } else if (attempt != attemptBefore) {
      lastStep = RunProgress.NO_STEP; // a row that only says that the run resumed
    }
    RunOutcome outcome = row.event.outcome();
    if (outcome != null) {
      end(newest, outcome, out);
    }
  }

  /** The end of the recording, which is the end of the run unless a row already said so. */
  void finish(Consumer<TrainingEvent> out) {
    if (newest != null && !ended) {
      end(newest, RunOutcome.UNKNOWN, out);
    }
  }

  private void end(Newest last, RunOutcome outcome, Consumer<TrainingEvent> out) {
    out.accept(
        new TrainingEvent(
            runId,
            last.attempt(),
            last.step(),
            last.emittedAt(),
            last.speaker(),
            new RunEnded(outcome)));
    ended = true;
  }

  /** Moves to the row's attempt; true when a RunStarted is due. */
  private boolean startsAttempt(TraceRow row) {
    boolean said = row.said.contains(Field.ATTEMPT);
    boolean first = newest == null;
    if (first && lastStep == RunProgress.NO_STEP) {
      attempt = said ? Math.max(attempt, row.attempt) : attempt;
      return true;
    }
    if (said && row.attempt > attempt) {
      attempt = row.attempt;
      return true;
    }
    if (!said && row.event == RowEvent.RESUME) {
      attempt++;
      return true;
    }
    return first || row.event == RowEvent.START || row.event == RowEvent.RESUME;
  }

  private RunStarted started(TraceRow row) {
    RunStarted started = new RunStarted();
    started.setOwner("");
    started.setFramework("");
    started.setLayerNames(layerNames);
    started.setWorldSize(1);
    Double threshold = row.step.getClipThreshold();
    started.setClipMode(threshold == null ? ClipMode.UNKNOWN : ClipMode.GLOBAL_NORM);
    started.setClipThreshold(threshold);
    started.setNormStage(NormStage.PRE_CLIP);
    started.setNormScaled(row.scaledNorm);
    started.setTags(Map.of());
    return started;
  }

  /** The row's step without what only looks reported. */
  private StepCompleted judged(TraceRow row) {
    StepCompleted step = row.step;
    if (row.staleNorm || isPlaceholder(step)) {
      step.setGradNorm(null);
    }
    Double nanIterations = step.getMetrics().get("nan_iterations");
    if (step.getNonfiniteCount() == null && nanIterations != null && nanIterations > 0) {
      step.setNonfiniteCount(nanIterations);
    }
    normReported |= step.getGradNorm() != null;
    if (row.said.contains(Field.SKIPPED_ITERATIONS) && step.getUpdateSkipped() == null) {
      step.setUpdateSkipped(row.skippedIterations >= stepsSince(row) && row.skippedIterations > 0);
    }
    return step;
  }

  /**
   * A gradient norm of exactly 0 that nothing else bears out, before any other norm was seen:
   * trainers that do not compute the norm print it so.
   */
  private boolean isPlaceholder(StepCompleted step) {
    Double norm = step.getGradNorm();
    return norm != null
        && norm == 0
        && !normReported
        && step.getLayerGradNorms() == null
        && step.getGradAbsMax() == null;
  }

  private long stepsSince(TraceRow row) {
    return lastStep == RunProgress.NO_STEP ? 1 : Math.max(1, row.stepNumber - lastStep);
  }

  private static @Nullable Integer rank(TraceRow row) {
    return row.said.contains(Field.RANK) ? row.rank : null;
  }

  /** Rank that speaks for the run where rows have ranks: 0. */
  private static @Nullable Integer speaker(TraceRow row) {
    return row.said.contains(Field.RANK) ? 0 : null;
  }

  private TrainingEvent event(TraceRow row, @Nullable Integer rank, Object body) {
    return new TrainingEvent(runId, row.attempt, row.stepNumber, row.emittedAt, rank, body);
  }
}

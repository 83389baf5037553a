package io.gradwatch.lab.recordings;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.RunEvent.EvaluationCompleted;
import io.gradwatch.core.signal.RunEvent.Started;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.wire.EventMapper;
import io.gradwatch.wire.UndecodableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recorded run in memory.
 *
 * @param started what it said of itself
 * @param steps in their order
 * @param evaluations losses on held-out data, with the number of steps before each
 */
public record RecordedSteps(
    String run, Started started, List<Observation> steps, List<Evaluation> evaluations) {
  private static final String PROJECT = "default";

  /** An evaluation after so many steps. */
  public record Evaluation(int row, double loss) {}

  /** Reads one file to its end. */
  public static RecordedSteps read(Path file) throws IOException {
    List<Observation> steps = new ArrayList<>();
    List<Evaluation> evaluations = new ArrayList<>();
    List<Started> started = new ArrayList<>();
    try (RecordedRun run = RecordedRuns.open(file)) {
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        RunEvent.Body body = EventMapper.toCore(PROJECT, event).body();
        if (body instanceof Observation step) {
          steps.add(step);
        } else if (body instanceof EvaluationCompleted evaluation && evaluation.loss() != null) {
          evaluations.add(new Evaluation(steps.size(), evaluation.loss()));
        } else if (body instanceof Started said) {
          started.add(said);
        }
      }
      return new RecordedSteps(run.runId(), started.get(0), steps, evaluations);
    } catch (UndecodableException e) {
      throw new IOException(file + " holds an event that the pipeline refuses", e);
    }
  }

  /** Steps between the first two evaluations; 0 when there are fewer. */
  public int evaluationInterval() {
    return evaluations.size() < 2 ? 0 : evaluations.get(1).row() - evaluations.get(0).row();
  }

  /** Losses of the evaluations after a number of steps. */
  public double[] quietEvaluations(int after) {
    return evaluations.stream()
        .filter(evaluation -> evaluation.row() > after)
        .mapToDouble(Evaluation::loss)
        .toArray();
  }
}

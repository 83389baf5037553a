package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import org.jspecify.annotations.Nullable;

/** Sees one kind of disturbance. Code only: what it remembers is handed to it. */
public interface Detector {
  /** What it sees. */
  AlarmKind kind();

  /**
   * Numbers it remembers between steps.
   *
   * @param layers layers the run reports, 0 when none; a run that reports more later keeps what was
   *     remembered of the first ones
   */
  int cells(int layers);

  /**
   * Whether an observation holds what it judges layers by. Until one does it is not asked to judge:
   * with nothing remembered of layers, it would see nothing.
   */
  default boolean reads(Observation observation) {
    return true;
  }

  /**
   * Judges a step. Called once for every observation of a run, in order, from the first that it
   * {@link #reads} on, and allocates nothing.
   *
   * @param reading the observation, scored against what was known before it
   * @param series what is known of the run, this observation included
   * @param memory the detector's own {@link #cells} numbers, zero at first; changed in place
   * @return how grave it is; null: nothing to be seen
   */
  @Nullable Severity judge(Reading reading, RunSeries series, double[] memory);

  /**
   * Takes an evaluation on held-out data, which comes after the step it names; what is to be said
   * about it is said at the next step.
   */
  default void evaluate(
      long step, RunEvent.EvaluationCompleted evaluation, RunSeries series, double[] memory) {}

  /** Takes what the run says of itself, at its start and every few minutes. */
  default void start(RunEvent.Started started, double[] memory) {}

  /** Takes an observation of a step that is not new, which changes nothing that is judged. */
  default void repeat(long step, Observation observation, double[] memory) {}

  /** A newer attempt has begun; where it went back, the memory is zero already. */
  default void beginAttempt(double[] memory) {}

  /** Puts in words and numbers what {@link #judge} saw; called only when an alarm is written. */
  Condition describe(Reading reading, RunSeries series, double[] memory, Surroundings surroundings);
}

package io.gradwatch.traces;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The truth about a recorded run, told with hindsight.
 *
 * @param scenario family of runs it belongs to, made or failed the same way; null when not told
 * @param steps length of the run in steps; null when not told
 * @param outcome what became of it
 * @param onsetStep step at which the trouble began; null when there was none
 * @param failureStep step from which the run was lost; null when it was not
 * @param spikes passing disturbances, in order
 * @param evalRise last evaluation loss over the lowest one; 1 when not told
 */
public record RunLabel(
    @Nullable String scenario,
    @Nullable Long steps,
    Outcome outcome,
    @Nullable Long onsetStep,
    @Nullable Long failureStep,
    List<Spike> spikes,
    double evalRise) {

  public RunLabel {
    spikes = List.copyOf(spikes);
  }

  /** A label that tells no more than what became of the run. */
  public RunLabel(
      Outcome outcome, @Nullable Long onsetStep, @Nullable Long failureStep, List<Spike> spikes) {
    this(null, null, outcome, onsetStep, failureStep, spikes, 1);
  }

  /** What became of a run. */
  public enum Outcome {
    HEALTHY,
    DIVERGED,
    SPIKED,
    STALLED,
    OVERFIT,
    AMBIGUOUS
  }

  /** A disturbance from its first to its last step, both included. */
  public record Spike(long firstStep, long lastStep) {}
}

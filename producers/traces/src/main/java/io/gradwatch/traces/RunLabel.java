package io.gradwatch.traces;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The truth about a recorded run, told with hindsight.
 *
 * @param outcome what became of it
 * @param onsetStep step at which the trouble began; null when there was none
 * @param failureStep step from which the run was lost; null when it was not
 * @param spikes passing disturbances, in order
 */
public record RunLabel(
    Outcome outcome, @Nullable Long onsetStep, @Nullable Long failureStep, List<Spike> spikes) {

  public RunLabel {
    spikes = List.copyOf(spikes);
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

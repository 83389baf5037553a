package io.gradwatch.console.feed;

import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.RunIds;
import org.jspecify.annotations.Nullable;

/**
 * Bounds without which one record could use up the console's memory. The pipeline holds events to
 * more than these; what it refuses is in its dead letters, and may look odd here.
 */
final class Bounds {
  private Bounds() {}

  /**
   * Returns when an event is within them.
   *
   * @throws IllegalArgumentException when it is not
   */
  static void check(TrainingEvent event) {
    RunIds.check(event.getRunId());
    within("attempt", event.getAttempt(), 0, Integer.MAX_VALUE);
    within("step", event.getStep(), 0, Limits.MAX_STEP);
    if (event.getBody() instanceof StepCompleted step) {
      within("metrics", step.getMetrics().size(), 0, Limits.MAX_METRICS);
      check(step.getHistogram());
    } else if (event.getBody() instanceof RunStarted started) {
      within("layers", started.getLayerNames().size(), 0, Limits.MAX_LAYERS);
      within("tags", started.getTags().size(), 0, Limits.MAX_TAGS);
    }
  }

  /**
   * Returns when a record of a run is within them.
   *
   * @throws IllegalArgumentException when it is not
   */
  static void check(String run, int attempt, long step) {
    RunIds.check(run);
    within("attempt", attempt, 0, Integer.MAX_VALUE);
    within("step", step, 0, Limits.MAX_STEP);
  }

  private static void check(@Nullable Log2Histogram histogram) {
    if (histogram != null) {
      within(
          "histogram.min_exponent",
          histogram.getMinExponent(),
          -Limits.MAX_HISTOGRAM_EXPONENT,
          Limits.MAX_HISTOGRAM_EXPONENT);
      within("histogram.counts", histogram.getCounts().size(), 0, Limits.MAX_HISTOGRAM_BUCKETS);
    }
  }

  private static void within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be " + least + " to " + most);
    }
  }
}

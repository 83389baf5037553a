package io.gradwatch.agent.tail;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Steps of a log whose lines tell the epoch only: one line every so many steps. An epoch that goes
 * back leads back as many steps as it says.
 */
final class CountedSteps {
  private final long every;
  private long step;
  private double epoch;

  /**
   * @param every steps from one line to the next, at least 1
   */
  CountedSteps(long every) {
    this.every = every;
  }

  /** Step of the newest line; 0 before the first. */
  long newest() {
    return step;
  }

  /** The step of the next line. */
  long next(@Nullable Double itsEpoch) {
    double now = itsEpoch != null && itsEpoch >= 0 ? itsEpoch : epoch;
    if (now < epoch) {
      step = every * Math.max(1, Math.round(step * (now / epoch) / every));
    } else {
      step += every;
    }
    epoch = now;
    return step;
  }

  String memory() {
    return String.format(Locale.ROOT, "%d %s", step, epoch);
  }

  void recall(String memory) {
    String[] words = memory.split(" ", 2);
    step = Long.parseLong(words[0]);
    epoch = Double.parseDouble(words[1]);
  }
}

package io.gradwatch.producer;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts the clip engagement of one rule; for use by several threads. */
final class EngagementCounter {
  private final LongAdder steps = new LongAdder();
  private final LongAdder clipped = new LongAdder();
  private final DoubleAdder factors = new DoubleAdder();

  void count(double norm, double threshold) {
    steps.increment();
    factors.add(Advisor.clipFactor(norm, threshold));
    if (norm > threshold) {
      clipped.increment();
    }
  }

  ClipEngagement snapshot() {
    long counted = steps.sum();
    double mean = counted == 0 ? Double.NaN : Math.min(1, factors.sum() / counted);
    return new ClipEngagement(counted, clipped.sum(), mean);
  }
}

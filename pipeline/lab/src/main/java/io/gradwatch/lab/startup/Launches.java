package io.gradwatch.lab.startup;

import io.gradwatch.lab.timing.Percentiles;
import java.util.ArrayList;
import java.util.List;

/** Starts of the same kind. */
final class Launches {
  private final List<Launch> all = new ArrayList<>();

  void add(Launch launch) {
    all.add(launch);
  }

  int count() {
    return all.size();
  }

  /** The median, in seconds. */
  double seconds() {
    return times().at(0.5) / 1e9;
  }

  /** The quickest, in seconds. */
  double least() {
    return times().at(Double.MIN_VALUE) / 1e9;
  }

  /** The slowest, in seconds. */
  double largest() {
    return times().largest() / 1e9;
  }

  /** Median of the processor time, in seconds; NaN where the system does not tell. */
  double cpuSeconds() {
    long millis = Percentiles.of(all.stream().mapToLong(Launch::cpuMillis).toArray()).at(0.5);
    return millis < 0 ? Double.NaN : millis / 1e3;
  }

  private Percentiles times() {
    return Percentiles.of(all.stream().mapToLong(Launch::nanos).toArray());
  }
}

package io.gradwatch.console.model;

/**
 * Bounds of a console's memory.
 *
 * @param runs most runs; the one that ended, or was heard of, longest ago is let go first
 * @param alarms most alarms; resolved ones are let go first
 * @param detailBytes memory for heat maps and histograms
 */
public record FleetLimits(int runs, int alarms, long detailBytes) {
  /** Enough for 10,000 runs at once in a heap of 1 GiB. */
  public static FleetLimits standard() {
    return new FleetLimits(20_000, 20_000, 256L << 20);
  }
}

package io.gradwatch.lab.throughput;

/**
 * What a heat took.
 *
 * @param records read in it
 * @param recordsPerSecond by the clock on the wall
 * @param cpuMicros processor time of job and broker together, a record
 */
record HeatResult(long records, double recordsPerSecond, double cpuMicros) {

  /** The middle between two heats, the one before and the one after others. */
  static HeatResult between(HeatResult before, HeatResult after) {
    return new HeatResult(
        before.records(),
        (before.recordsPerSecond() + after.recordsPerSecond()) / 2,
        (before.cpuMicros() + after.cpuMicros()) / 2);
  }
}

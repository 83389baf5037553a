package io.gradwatch.lab.throughput;

/**
 * What a heat took.
 *
 * @param records read in it
 * @param recordsPerSecond by the clock on the wall
 * @param cpuMicros processor time of job and broker together, a record
 * @param busiestMicros processor time of the thread that took most, a record: no more than its
 *     inverse is taken at this parallelism, however many processors there are; NaN: not known
 * @param compiling time that Java's compiler took, over the time of the heat; 0 once all is
 *     compiled
 */
record HeatResult(
    long records,
    double recordsPerSecond,
    double cpuMicros,
    double busiestMicros,
    double compiling) {

  /** That of a process of which no more is known. */
  HeatResult(long records, double recordsPerSecond, double cpuMicros) {
    this(records, recordsPerSecond, cpuMicros, Double.NaN, 0);
  }

  /** The middle between two heats, the one before and the one after others. */
  static HeatResult between(HeatResult before, HeatResult after) {
    return new HeatResult(
        before.records(),
        (before.recordsPerSecond() + after.recordsPerSecond()) / 2,
        (before.cpuMicros() + after.cpuMicros()) / 2,
        (before.busiestMicros() + after.busiestMicros()) / 2,
        Math.max(before.compiling(), after.compiling()));
  }
}

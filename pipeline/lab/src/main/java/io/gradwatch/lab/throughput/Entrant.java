package io.gradwatch.lab.throughput;

/** Who takes part in a contest of throughput. */
interface Entrant {
  /** How tables and options call it. */
  String name();

  /**
   * Part of the events that it reads, above 0 and at most 1: what is slow reads fewer, so that a
   * round does not take an hour.
   */
  double share();

  /**
   * Runs it once, to the end of its share.
   *
   * @param heat name of this run, unlike every other on this Kafka
   * @throws Exception when it failed, or read another number of events
   */
  HeatResult run(Track track, String heat) throws Exception;
}

package io.gradwatch.lab.throughput;

/**
 * A fleet and the job that watches it.
 *
 * @param layers of each run
 * @param runs of the fleet
 * @param parallelism of the job
 */
record Shape(int layers, int runs, int parallelism) {}

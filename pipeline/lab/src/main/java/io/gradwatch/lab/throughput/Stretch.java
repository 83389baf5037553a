package io.gradwatch.lab.throughput;

/**
 * What a heat reads.
 *
 * @param records events, from the first one on
 * @param uncounted of them before the clock may run
 */
record Stretch(long records, long uncounted) {}

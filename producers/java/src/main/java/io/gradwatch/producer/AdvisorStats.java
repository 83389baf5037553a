package io.gradwatch.producer;

/**
 * What an advisor has read since it was built.
 *
 * @param accepted recommendations taken
 * @param outdated recommendations passed over because newer ones are known: repetitions and those
 *     of earlier attempts
 * @param refused records that are no recommendation for this run, or whose threshold is not a
 *     positive number
 * @param reading true when the topic was read to its end at least once
 */
public record AdvisorStats(long accepted, long outdated, long refused, boolean reading) {}

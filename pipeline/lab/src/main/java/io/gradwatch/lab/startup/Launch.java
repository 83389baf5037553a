package io.gradwatch.lab.startup;

/**
 * One start of the tool.
 *
 * @param nanos from the start of the process to what was waited for
 * @param cpuMillis processor time of the process and its children over its whole life; -1 where the
 *     system does not tell
 */
record Launch(long nanos, long cpuMillis) {}

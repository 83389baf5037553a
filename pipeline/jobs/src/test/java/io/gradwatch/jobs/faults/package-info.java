/**
 * The job on a cluster of processes that are killed, paused, stopped and upgraded under it, held
 * against the backtest of the same events.
 */
@NullMarked
package io.gradwatch.jobs.faults;

import org.jspecify.annotations.NullMarked;

package io.gradwatch.jobs.faults;

import java.time.Duration;

/**
 * What a fault cost.
 *
 * @param untilRunning from the fault until every task ran again and went on to; zero when they
 *     never stopped
 * @param untilCheckpoint from the fault until a checkpoint was complete that was begun after it
 */
record Recovery(Duration untilRunning, Duration untilCheckpoint) {}

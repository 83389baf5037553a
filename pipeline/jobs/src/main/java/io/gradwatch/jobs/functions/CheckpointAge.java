package io.gradwatch.jobs.functions;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long ago the last checkpoint was completed. What a checkpoint that fails has handed to Kafka
 * waits in its transaction for the next one that completes; once the broker has ended that
 * transaction the statistics in it are lost. So before that the job must go back to its last
 * checkpoint, from which they come again.
 */
final class CheckpointAge {
  private final Duration most;
  private final LongSupplier clockMillis;
  private long completedAt;

  /**
   * An age that begins now.
   *
   * @param most from which on a failed checkpoint is one too many
   * @param clockMillis never goes back
   */
  CheckpointAge(Duration most, LongSupplier clockMillis) {
    this.most = most;
    this.clockMillis = clockMillis;
    completedAt = clockMillis.getAsLong();
  }

  void completed() {
    completedAt = clockMillis.getAsLong();
  }

  /**
   * Another checkpoint has begun or failed.
   *
   * @throws IllegalStateException when the last one that was completed is too old
   */
  void requireYoung() {
    Duration age = Duration.ofMillis(clockMillis.getAsLong() - completedAt);
    if (age.compareTo(most) >= 0) {
      throw new IllegalStateException(
          ("no checkpoint was completed for %s, must be less than %s, a third of"
                  + " gradwatch.transaction-timeout: going back to the last one, so that Kafka ends"
                  + " no transaction with statistics; look at the storage of checkpoints")
              .formatted(age, most));
    }
  }
}

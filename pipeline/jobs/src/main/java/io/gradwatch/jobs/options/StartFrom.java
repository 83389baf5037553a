package io.gradwatch.jobs.options;

/** Where a job that restores nothing begins to read. */
public enum StartFrom {
  /** At the oldest record kept: what is published again equals what was published before. */
  EARLIEST,
  /** Behind the newest record: runs that are under way are met in their middle. */
  LATEST,
  /** Where the consumer group's last job had come to, else at the oldest record. */
  COMMITTED
}

package io.gradwatch.producer;

/** Why an event was never handed to Kafka. */
public enum DropCause {
  /** The queue was full. */
  QUEUE_FULL,
  /**
   * It breaks the wire contract (no run id, a negative step, a record larger than 512 KiB), or was
   * changed while it was encoded.
   */
  INVALID,
  /** The publisher was closed before, or its time to close ran out. */
  CLOSED,
  /** The caller was interrupted while it waited for room. */
  INTERRUPTED
}

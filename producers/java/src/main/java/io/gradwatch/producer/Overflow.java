package io.gradwatch.producer;

/** What happens to an event when the queue is full, because the broker is slow or away. */
public enum Overflow {
  /** It is dropped and counted; the caller never waits. For trainings. */
  DROP,
  /** The caller waits until there is room, and nothing is given up while it waits. For replays. */
  WAIT
}

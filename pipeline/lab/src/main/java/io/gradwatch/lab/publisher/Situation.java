package io.gradwatch.lab.publisher;

/** What a publisher is measured in. */
enum Situation {
  /** Steps at a fixed rate, with work of the trainer's own between them. */
  PACED,
  /** One step after another, faster than any training: what the queue cannot hold is dropped. */
  FLAT_OUT,
  /** The same while there is no broker. */
  BROKER_AWAY
}

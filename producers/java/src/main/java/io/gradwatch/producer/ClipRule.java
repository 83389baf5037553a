package io.gradwatch.producer;

/** Where the threshold of a step comes from. */
enum ClipRule {
  /** The recommendation in force, within the trainer's bounds. */
  ADVICE,
  /** The median of recent norms, within the trainer's bounds: nobody advises. */
  GUARD,
  /** The trainer itself: its own rule where it gave one, else its ceiling. */
  OWN
}

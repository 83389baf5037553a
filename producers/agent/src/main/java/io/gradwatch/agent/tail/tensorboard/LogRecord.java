package io.gradwatch.agent.tail.tensorboard;

import java.util.List;

/**
 * One record of an event file.
 *
 * @param wallTime when it was written, in seconds since 1970
 * @param step the step it is of
 * @param session what it says of the program that writes
 * @param scalars its numbers; none in records of other things
 */
record LogRecord(double wallTime, long step, Session session, List<Scalar> scalars) {

  /** What a program says of itself. */
  enum Session {
    NONE,
    /** It starts; what was written of this step and later ones is void. */
    START,
    STOP,
    CHECKPOINT
  }

  /** One number and what it is called. */
  record Scalar(String tag, double value) {}
}

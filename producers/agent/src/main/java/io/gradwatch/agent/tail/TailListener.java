package io.gradwatch.agent.tail;

/** Hears how a tail goes on; called by its thread. */
public interface TailListener {

  /** Hears nothing. */
  TailListener NONE = new TailListener() {};

  /** Something that people should know, at most a few times a minute. */
  default void note(String text) {}

  /** A look at all logs is over. */
  default void looked(TailSummary soFar) {}

  /** The tail is over. */
  default void finished(TailSummary summary) {}
}

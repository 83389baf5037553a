package io.gradwatch.schemas;

/**
 * How a run is taken out: a record without a value in its project's event topic, under its key,
 * with this header. It lies behind the run's events in their partition, so that every reader
 * forgets the same. Without the header a record that has no value is a mistake, and a dead letter.
 */
public final class RunRemoval {
  /** Name of the header; its value says nothing. */
  public static final String HEADER = "gradwatch.remove-run";

  private RunRemoval() {}
}

package io.gradwatch.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How a run is taken out: a record without a value in its project's event topic, under its key,
 * with this header. Placed as they are, by the murmur2 of the key, it lies behind the run's events
 * in their partition, so that every reader forgets the same. Without the header a record that has
 * no value is a mistake, and a dead letter.
 */
public final class RunRemoval {
  /** Name of the header; its value says nothing. */
  public static final String HEADER = "gradwatch.remove-run";

  private RunRemoval() {}

  /**
   * Whether a record of an event topic takes its run out, and is no event to decode.
   *
   * @param value the record's
   * @param headerNames names of its headers; not looked at where there is a value
   */
  public static boolean isRemoval(byte @Nullable [] value, Iterable<String> headerNames) {
    if (value != null) {
      return false;
    }
    for (String name : headerNames) {
      if (name.equals(HEADER)) {
        return true;
      }
    }
    return false;
  }
}

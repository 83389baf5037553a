package io.gradwatch.core.alarm;

/** How much an alarm asks of a person; declared from the least to the most. */
public enum Severity {
  /** For the record. */
  INFO,
  /** Informs. */
  WARNING,
  /** Pages: the run is being lost. */
  CRITICAL;

  /** True when this asks for more than the other. */
  public boolean above(Severity other) {
    return compareTo(other) > 0;
  }
}

package io.gradwatch.wire;

import io.gradwatch.schemas.RecordFormatException;

/**
 * A value that is no event. The message names the field, what was found and the bound. Carries no
 * stack trace: bad input is data, and a flood of it must stay cheap.
 */
public final class UndecodableException extends Exception {
  /** Which check the value failed; written into dead letters by name. */
  public enum Reason {
    /** No bytes, or null (a tombstone). */
    EMPTY,
    /** More bytes than a record may have. */
    TOO_LARGE,
    /** Neither single-object encoding nor Confluent framing. */
    UNKNOWN_FRAMING,
    /** The writer's schema is neither in the known list nor in the registry. */
    UNKNOWN_SCHEMA,
    /** The registry's schema is unsafe to read with, or not an event's. */
    UNACCEPTABLE_SCHEMA,
    /** The bytes end before the event does. */
    TRUNCATED,
    /** The bytes are not what the writer's schema says. */
    MALFORMED,
    /** Bytes follow the event. */
    TRAILING_BYTES,
    /** Text that is not UTF-8. */
    INVALID_TEXT,
    /** Text or a name longer than its bound. */
    TEXT_TOO_LONG,
    /** An event without a body. */
    NO_BODY,
    /** A blank run id, or one with control characters. */
    INVALID_RUN_ID,
    /** An attempt below 0. */
    INVALID_ATTEMPT,
    /** A step below 0 or above 2^53. */
    INVALID_STEP,
    /** A rank that cannot be. */
    INVALID_RANK,
    /** A number of ranks that cannot be. */
    INVALID_WORLD_SIZE,
    /** More layers than a run may have. */
    TOO_MANY_LAYERS,
    /** Layer series of one step that have different lengths. */
    LAYERS_DISAGREE,
    /** More named metrics than an event may have. */
    TOO_MANY_METRICS,
    /** More tags than a run may have. */
    TOO_MANY_TAGS,
    /** A norm or a count below 0. */
    NEGATIVE_VALUE,
    /** A share that is not between 0 and 1. */
    INVALID_FRACTION,
    /** A histogram with too many buckets, an impossible exponent or a count below 0. */
    INVALID_HISTOGRAM
  }

  private final Reason reason;

  public UndecodableException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** "FIELD is FOUND, must be BOUND". */
  static UndecodableException refused(Reason reason, String field, Object found, String bound) {
    return new UndecodableException(reason, field + " is " + found + ", must be " + bound);
  }

  /** The same verdict of the codec; its faults are the first of our reasons. */
  static UndecodableException of(RecordFormatException cause) {
    return new UndecodableException(
        Reason.valueOf(cause.fault().name()), String.valueOf(cause.getMessage()));
  }

  /** Which check the value failed. */
  public Reason reason() {
    return reason;
  }
}

package io.gradwatch.wire.policy;

import io.gradwatch.schemas.RecordFormatException;

/** A record of the policy topic that is none. Carries no stack trace: bad input is data. */
public final class RefusedPolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Which check the record failed; written into dead letters by name. */
  public enum Reason {
    /** A value without bytes; null alone removes a policy. */
    EMPTY,
    /** More bytes than a record may have. */
    TOO_LARGE,
    /** Neither single-object encoding nor Confluent framing. */
    UNKNOWN_FRAMING,
    /** The writer's schema is neither in the known list nor in the registry. */
    UNKNOWN_SCHEMA,
    /** The registry's schema is unsafe to read with, or not a policy's. */
    UNACCEPTABLE_SCHEMA,
    /** The bytes end before the policy does. */
    TRUNCATED,
    /** The bytes are not what the writer's schema says. */
    MALFORMED,
    /** Bytes follow the policy. */
    TRAILING_BYTES,
    /** The key is not the scope and name that the policy says, or that of no policy. */
    WRONG_KEY,
    /** A setting that is unknown or out of its bound, a name that cannot be, an absurd time. */
    INVALID_POLICY,
    /** There are as many policies as may be, and it is none of them. */
    TOO_MANY_POLICIES
  }

  private final Reason reason;

  public RefusedPolicyException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** The same verdict of the codec; its faults are the first of our reasons. */
  static RefusedPolicyException of(RecordFormatException cause) {
    return new RefusedPolicyException(
        Reason.valueOf(cause.fault().name()), String.valueOf(cause.getMessage()));
  }

  /** Which check the record failed. */
  public Reason reason() {
    return reason;
  }
}

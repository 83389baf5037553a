package io.gradwatch.wire.policy;

import java.util.List;

/** A policy that cannot be used; says everything that is wrong with it, a line each. */
public final class InvalidPolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> errors;

  InvalidPolicyException(List<String> errors) {
    super(String.join("\n", errors), null, false, false);
    this.errors = List.copyOf(errors);
  }

  /** At least one. */
  public List<String> errors() {
    return errors;
  }
}

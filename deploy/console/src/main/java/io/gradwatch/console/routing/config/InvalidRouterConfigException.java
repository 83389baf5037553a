package io.gradwatch.console.routing.config;

import java.util.List;

/** A router's file cannot be used; says everything that is wrong with it, each with its line. */
public final class InvalidRouterConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> errors;

  InvalidRouterConfigException(List<String> errors) {
    super(String.join("\n", errors));
    this.errors = List.copyOf(errors);
  }

  /** One line each; none holds a secret. */
  public List<String> errors() {
    return errors;
  }
}

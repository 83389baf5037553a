package io.gradwatch.console.model;

import java.util.Locale;

/** What there is a value of for each layer. */
public enum LayerKind {
  /** L2 norm of the gradient. */
  GRADIENT,
  /** L2 norm of the weights. */
  WEIGHT,
  /** L2 norm of the change of the weights. */
  UPDATE,
  /** Share of gradient components that are exactly 0. */
  ZEROS;

  /**
   * The kind of this name.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static LayerKind of(String name) {
    for (LayerKind kind : values()) {
      if (kind.lowerCase().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "kind is '" + name + "', must be gradient, weight, update or zeros");
  }

  /** As addresses say it. */
  public String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }
}

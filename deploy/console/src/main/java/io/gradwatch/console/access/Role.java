package io.gradwatch.console.access;

import java.util.Locale;

/** What somebody may do. */
public enum Role {
  /** Looks at everything, changes nothing. */
  VIEWER,
  /** Acknowledges, silences and judges as well. */
  OPERATOR;

  /**
   * The role of this name.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Role of(String name) {
    for (Role role : values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
        return role;
      }
    }
    throw new IllegalArgumentException("role is '" + name + "', must be viewer or operator");
  }
}

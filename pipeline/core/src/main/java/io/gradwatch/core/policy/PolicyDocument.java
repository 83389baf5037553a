package io.gradwatch.core.policy;

/**
 * Settings for a part of the fleet, from some time on.
 *
 * @param name {@value #FLEET_NAME}, the project, or {@code project/run}; a project's name has no
 *     slash, a run id may
 * @param effectiveAt takes effect for a run at its first event emitted then or later; milliseconds
 *     since 1970
 */
public record PolicyDocument(PolicyScope scope, String name, long effectiveAt, Settings settings) {
  /** Name of the fleet's document. */
  public static final String FLEET_NAME = "default";

  public PolicyDocument {
    int slash = name.indexOf('/');
    boolean fits =
        switch (scope) {
          case FLEET -> name.equals(FLEET_NAME);
          case PROJECT -> !name.isBlank() && slash < 0;
          case RUN -> slash > 0 && slash < name.length() - 1;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "name of a "
              + scope
              + " policy is '"
              + name
              + "', it must be "
              + switch (scope) {
                case FLEET -> FLEET_NAME;
                case PROJECT -> "a project";
                case RUN -> "project/run";
              });
    }
  }

  /** The document for all runs. */
  public static PolicyDocument ofFleet(Settings settings) {
    return new PolicyDocument(PolicyScope.FLEET, FLEET_NAME, 0, settings);
  }

  /**
   * The document with a key.
   *
   * @param key as {@link #key} says it
   * @throws IllegalArgumentException when it is none
   */
  public static PolicyDocument ofKey(String key, long effectiveAt, Settings settings) {
    for (PolicyScope scope : PolicyScope.values()) {
      if (key.startsWith(scope.prefix())) {
        return new PolicyDocument(
            scope, key.substring(scope.prefix().length()), effectiveAt, settings);
      }
    }
    throw new IllegalArgumentException(
        "key of a policy is '"
            + key
            + "', it must be fleet/"
            + FLEET_NAME
            + ", project/PROJECT or run/PROJECT/RUN");
  }

  /** These settings from another time on. */
  public PolicyDocument at(long effectiveAt) {
    return new PolicyDocument(scope, name, effectiveAt, settings);
  }

  /** Scope and name; a later document with the same key replaces an earlier one. */
  public String key() {
    return scope.prefix() + name;
  }
}

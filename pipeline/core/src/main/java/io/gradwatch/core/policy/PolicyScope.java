package io.gradwatch.core.policy;

import java.util.Locale;

/** Reach of a policy document, from the farthest to the nearest; published by name. */
public enum PolicyScope {
  /** All runs of all projects; its one document is named {@value PolicyDocument#FLEET_NAME}. */
  FLEET,
  /** All runs of the project that the document is named after. */
  PROJECT,
  /** One run; the document is named {@code project/run}. */
  RUN;

  /** What stands in front of a document's name in its key. */
  String prefix() {
    return name().toLowerCase(Locale.ROOT) + "/";
  }
}

package io.gradwatch.schemas.registry;

import java.util.List;

/**
 * How a schema stands to the newest version of its subject.
 *
 * @param found what became of the comparison
 * @param reasons of a schema that is not compatible: what is wrong and where, at least one
 */
public record Compatibility(Found found, List<String> reasons) {
  /** What a comparison came to. */
  public enum Found {
    /** The subject has this very schema. */
    REGISTERED,
    /** It has another, and would take this one. */
    COMPATIBLE,
    /** It would not, or its readers and writers do not understand those of this schema. */
    INCOMPATIBLE,
    /** The registry has no such subject. */
    MISSING
  }

  /** How it stands. */
  public Compatibility {
    reasons = List.copyOf(reasons);
  }
}

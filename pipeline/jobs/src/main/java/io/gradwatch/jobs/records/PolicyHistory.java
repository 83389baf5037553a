package io.gradwatch.jobs.records;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The valid records of one key of the policy topic that may still matter, as they came: offsets and
 * times rise.
 */
public record PolicyHistory(List<Version> versions) {

  /**
   * One record.
   *
   * @param effectiveAt from when on it holds, in milliseconds since 1970
   * @param offset where it lay
   * @param timestamp the record's, in milliseconds since 1970
   * @param value never changed; null: removes the policy
   */
  public record Version(long effectiveAt, long offset, long timestamp, byte @Nullable [] value) {}

  public PolicyHistory {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a policy has 0 versions, must have at least 1");
    }
  }

  /** The version that was published last. */
  public Version newest() {
    return versions.get(versions.size() - 1);
  }

  /**
   * This history with a version published after all of its own, which replaces those that were to
   * hold from then on or later.
   *
   * @param most versions to keep; the oldest go
   */
  public PolicyHistory with(Version version, int most) {
    List<Version> kept = new ArrayList<>();
    for (Version known : versions) {
      if (known.effectiveAt() < version.effectiveAt()) {
        kept.add(known);
      }
    }
    kept.add(version);
    return new PolicyHistory(kept.subList(Math.max(0, kept.size() - most), kept.size()));
  }
}

package io.gradwatch.console.model;

import io.gradwatch.records.Silence;
import java.util.ArrayList;
import java.util.List;

/**
 * A silence, ready to be compared with alarms. One whose matchers cannot be read matches nothing.
 */
public final class ActiveSilence {
  private final Silence record;
  private final List<LabelMatcher> matchers;

  private ActiveSilence(Silence record, List<LabelMatcher> matchers) {
    this.record = record;
    this.matchers = List.copyOf(matchers);
  }

  /** The silence that a record tells. */
  public static ActiveSilence of(Silence record) {
    List<LabelMatcher> matchers = new ArrayList<>();
    try {
      record.getMatchers().forEach(matcher -> matchers.add(LabelMatcher.of(matcher)));
    } catch (IllegalArgumentException e) {
      // Written by something else than a console: silencing less is the safe way to misread it.
      matchers.clear();
    }
    return new ActiveSilence(record, matchers);
  }

  /** What was written. */
  public Silence record() {
    return record;
  }

  /** Whether it holds at a time, milliseconds since 1970-01-01 UTC. */
  public boolean holdsAt(long now) {
    return record.getStartsAt() <= now && now < record.getEndsAt();
  }

  /** Whether all its conditions hold. */
  public boolean matches(Labels labels) {
    return !matchers.isEmpty() && matchers.stream().allMatch(matcher -> matcher.matches(labels));
  }
}

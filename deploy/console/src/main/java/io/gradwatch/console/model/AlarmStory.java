package io.gradwatch.console.model;

import io.gradwatch.console.api.AlarmDetail.RevisionView;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An alarm with its newest record and what it said before. */
final class AlarmStory {
  private static final int MOST_REVISIONS = 100;

  private final Deque<RevisionView> history = new ArrayDeque<>();
  private DivergenceAlarm newest;
  private DivergenceAlarm telling;
  private @Nullable Long openedAt;
  private long changed;

  AlarmStory(DivergenceAlarm first) {
    newest = first;
    telling = first;
    note(first);
  }

  /** Takes a record; one that is known, or older, changes nothing. */
  boolean take(DivergenceAlarm record) {
    if (record.getRevision() <= newest.getRevision()) {
      return false;
    }
    newest = record;
    if (record.getState() != AlarmState.RESOLVED) {
      telling = record;
    }
    note(record);
    return true;
  }

  DivergenceAlarm newest() {
    return newest;
  }

  /** The newest record before the alarm was over: that it is over comes without the numbers. */
  DivergenceAlarm telling() {
    return telling;
  }

  RunKey run() {
    return new RunKey(newest.getProject(), newest.getRunId());
  }

  boolean open() {
    return newest.getState() != AlarmState.RESOLVED;
  }

  /** Trainer's time of the first record known. */
  long openedAt() {
    return openedAt == null ? newest.getEmittedAt() : openedAt;
  }

  /** Generation of its newest change. */
  long changed() {
    return changed;
  }

  void change(long generation) {
    changed = generation;
  }

  List<RevisionView> history() {
    return List.copyOf(history);
  }

  private void note(DivergenceAlarm record) {
    if (openedAt == null) {
      openedAt = record.getEmittedAt();
    }
    if (history.size() == MOST_REVISIONS) {
      history.removeFirst();
    }
    history.addLast(
        new RevisionView(
            record.getRevision(),
            record.getState().name(),
            record.getSeverity().name(),
            record.getStep(),
            record.getEmittedAt(),
            record.getSummary()));
  }
}

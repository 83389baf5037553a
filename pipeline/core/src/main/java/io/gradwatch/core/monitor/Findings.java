package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one event, and those that waited for it, led to; mostly nothing. Owned by the {@link
 * RunMonitor} and valid until its next call, so that a step without findings allocates nothing.
 */
public final class Findings {
  private final List<Alarm> alarms = new ArrayList<>();
  private final List<Recommendation> recommendations = new ArrayList<>();
  private final List<RunStatistics> statistics = new ArrayList<>();
  private final List<Alarm> alarmsView = Collections.unmodifiableList(alarms);
  private final List<Recommendation> recommendationsView =
      Collections.unmodifiableList(recommendations);
  private final List<RunStatistics> statisticsView = Collections.unmodifiableList(statistics);

  private int repeated;
  private boolean isLate;
  private boolean isOfOldAttempt;

  Findings() {}

  /** Alarm records in the order in which they came about. */
  public List<Alarm> alarms() {
    return alarmsView;
  }

  /** New clip advice in the order in which it came about; at most one for each event taken. */
  public List<Recommendation> recommendations() {
    return recommendationsView;
  }

  /** Statistics that are due. */
  public List<RunStatistics> statistics() {
    return statisticsView;
  }

  /** Steps taken with it that had been taken before, so that they changed nothing. */
  public int repeated() {
    return repeated;
  }

  /** Whether later steps had waited for it. */
  public boolean isLate() {
    return isLate;
  }

  /** Whether it was passed over, as the run has begun a newer attempt. */
  public boolean isOfOldAttempt() {
    return isOfOldAttempt;
  }

  void clear() {
    alarms.clear();
    recommendations.clear();
    statistics.clear();
    repeated = 0;
    isLate = false;
    isOfOldAttempt = false;
  }

  void noteRepeated() {
    repeated++;
  }

  void noteLate() {
    isLate = true;
  }

  void noteOldAttempt() {
    isOfOldAttempt = true;
  }

  void add(Alarm alarm) {
    alarms.add(alarm);
  }

  void add(Recommendation recommendation) {
    recommendations.add(recommendation);
  }

  void add(RunStatistics record) {
    statistics.add(record);
  }
}

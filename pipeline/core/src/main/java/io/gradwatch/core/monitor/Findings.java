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

  void clear() {
    alarms.clear();
    recommendations.clear();
    statistics.clear();
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

package io.gradwatch.console.routing.delivery;

import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunStarted;
import java.util.LinkedHashMap;
import java.util.Map;

/** Owners and tags of runs, as far as the event topics were read. The longest unheard go first. */
final class RunTags {
  private static final int MOST_RUNS = 50_000;

  /**
   * Of one run.
   *
   * @param owner who to ask
   * @param tags its tags
   */
  record Tags(String owner, Map<String, String> tags) {
    static final Tags NONE = new Tags("", Map.of());
  }

  private final Map<String, Tags> byRun =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tags> eldest) {
          return size() > MOST_RUNS;
        }
      };

  void take(String project, String run, RunStarted started) {
    byRun.put(project + "/" + run, new Tags(started.getOwner(), Map.copyOf(started.getTags())));
  }

  Tags of(DivergenceAlarm alarm) {
    return byRun.getOrDefault(alarm.getProject() + "/" + alarm.getRunId(), Tags.NONE);
  }
}

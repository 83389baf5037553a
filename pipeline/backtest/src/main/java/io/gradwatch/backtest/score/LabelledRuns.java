package io.gradwatch.backtest.score;

import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.traces.RunLabel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs that are about to be judged, with the truth about each, in the order of the labels. */
public final class LabelledRuns {
  private final Map<String, RunLabel> labels = new LinkedHashMap<>();
  private final int unread;

  /**
   * Labels of other runs are passed over.
   *
   * @param labels the truth by run id
   * @param runs ids of the runs
   * @throws IllegalArgumentException when a run has no label, or one that cannot be judged by
   */
  public LabelledRuns(Map<String, RunLabel> labels, Collection<String> runs) {
    for (String run : runs) {
      if (!labels.containsKey(run)) {
        throw new IllegalArgumentException("run '" + run + "' has no label");
      }
    }
    Set<String> asked = Set.copyOf(runs);
    labels.forEach(
        (run, label) -> {
          if (asked.contains(run)) {
            this.labels.put(run, new LabelledRun(run, label, 0, List.of()).label());
          }
        });
    this.unread = labels.size() - this.labels.size();
  }

  /** Labels of other runs. */
  public int unread() {
    return unread;
  }

  /** The runs with what was raised in them. */
  public List<LabelledRun> with(RaisedAlarms alarms) {
    return labels.entrySet().stream()
        .map(
            entry ->
                new LabelledRun(
                    entry.getKey(),
                    entry.getValue(),
                    alarms.newestStep(entry.getKey()) + 1,
                    alarms.of(entry.getKey())))
        .toList();
  }
}

package io.gradwatch.core.monitor;

import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.RunEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of any number of runs under the policies of a book: each is that of the policy in
 * effect for its run, as with {@link RunWatch}, and runs with equal settings share one. Not safe
 * for use by several threads at once.
 */
public final class RunMonitors {
  /** Runs whose policy is remembered; more are looked up again. */
  static final int MAX_RUNS = 10_000;

  /**
   * What holds for a run.
   *
   * @param from newest time told when it was looked up
   * @param until the time from which something else may hold
   */
  private record Held(RunMonitor monitor, long from, long until) {}

  private final PolicyBook book;
  private final @Nullable RunMonitor only;
  private final Map<String, Map<String, Held>> byRun = new HashMap<>();
  private final Map<Settings, RunMonitor> bySettings = new HashMap<>();
  private int runs;

  public RunMonitors(PolicyBook book) {
    this.book = book;
    this.only = book.isEmpty() ? new RunMonitor(Policy.defaults()) : null;
  }

  /** Whether these are under that very book. */
  public boolean areOf(PolicyBook other) {
    return book == other;
  }

  /**
   * The monitor for the run of an event.
   *
   * @param newest the newest time that an event of the run has told, this one included, in
   *     milliseconds since 1970
   */
  public RunMonitor at(RunEvent event, long newest) {
    return at(event.project(), event.runId(), newest);
  }

  /** The monitor for a run, as for its events. */
  public RunMonitor at(String project, String runId, long newest) {
    if (only != null) {
      return only;
    }
    Map<String, Held> ofProject = byRun.get(project);
    Held held = ofProject == null ? null : ofProject.get(runId);
    if (held == null || newest < held.from || newest >= held.until) {
      held = look(project, runId, newest);
    }
    return held.monitor;
  }

  private Held look(String project, String runId, long newest) {
    if (runs >= MAX_RUNS) {
      byRun.clear();
      bySettings.clear();
      runs = 0;
    }
    Held held =
        new Held(
            bySettings.computeIfAbsent(
                book.settings(project, runId, newest),
                settings -> new RunMonitor(Policy.of(settings))),
            newest,
            book.until(project, runId, newest));
    if (byRun.computeIfAbsent(project, name -> new HashMap<>()).put(runId, held) == null) {
      runs++;
    }
    return held;
  }
}

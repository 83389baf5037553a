package io.gradwatch.jobs.functions;

import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.silence.Reporting;
import io.gradwatch.jobs.types.JobTypes;
import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/** The runs that one task knows: what is remembered of each, and how many it takes. */
final class RunRegister {
  /** Looks at runs of which one takes the size of a state, as that costs some hundred steps. */
  private static final int LOOKS_PER_SIZE = 64;

  private final ValueState<RunState> state;
  private final RunCensus census;
  private final Counter overLimit;
  private final Histogram stateBytes;
  private long looks;

  /**
   * A register of what the state holds.
   *
   * @param maxRuns runs of one project that have not ended and are admitted
   */
  RunRegister(RunStates states, MetricGroup metrics, int maxRuns) {
    state = states.of(new ValueStateDescriptor<>("run", JobTypes.STATE));
    census = new RunCensus(maxRuns);
    Gauge<Integer> active = census::active;
    metrics.gauge("runsActive", active);
    overLimit = metrics.counter("eventsOfRunsOverLimit");
    stateBytes = metrics.histogram("runStateBytes", FindingsMetrics.histogram());
  }

  /** What is remembered of the run in whose context this is; null: nothing. */
  @Nullable RunState known() throws IOException {
    return state.value();
  }

  /** Whether there is room for an event's run of which nothing is remembered; if not, it counts. */
  boolean admits(String project) {
    boolean hasRoom = census.hasRoom(project);
    if (!hasRoom) {
      overLimit.inc();
    }
    return hasRoom;
  }

  /** Remembers the run in whose context this is. */
  void keep(RunState run) throws IOException {
    state.update(run);
  }

  /** Counts a run as what it is by now. */
  void count(String project, String key, Reporting reporting) {
    census.count(project, key, reporting);
  }

  /** Takes the size of some of the runs that are looked at. */
  void sample(RunState run) {
    if (looks++ % LOOKS_PER_SIZE == 0) {
      stateBytes.update(run.toBytes().length);
    }
  }

  /** Forgets the run in whose context this is. */
  void forget(String project, String key) {
    census.remove(project, key);
    state.clear();
  }
}

package io.gradwatch.jobs.functions;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.Samples;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** One task of the monitor. */
final class Harness
    extends KeyedBroadcastOperatorTestHarness<String, RunEvent, ConsumedRecord, ProducedRecord> {
  static final int MAX_PARALLELISM = 8;

  private final int tasks;
  private final int task;

  Harness(Backend backend, PolicyLog policies, int tasks, int task) throws Exception {
    this(backend, policies, Samples.LIMITS, tasks, task);
  }

  Harness(Backend backend, PolicyLog policies, MonitorLimits limits, int tasks, int task)
      throws Exception {
    super(
        new MonitorOperator(new MonitorFunction(policies, limits, WireFormat.SINGLE_OBJECT)),
        MonitorFunction::keyOf,
        Types.STRING,
        MAX_PARALLELISM,
        tasks,
        task);
    setStateBackend(backend.ofATask());
    this.tasks = tasks;
    this.task = task;
  }

  /** Entries of all states of all runs, as a checkpoint would have them. */
  long stateEntries() throws IOException {
    ((MonitorFunction) ((MonitorOperator) getOperator()).getUserFunction()).writeStates();
    return StateEntries.count(getOperator(), "run", "reporting", "standing");
  }

  /** Whether events of a run come to this task. */
  boolean isFor(RunEvent event) {
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(
            MonitorFunction.keyOf(event), MAX_PARALLELISM, tasks)
        == task;
  }
}

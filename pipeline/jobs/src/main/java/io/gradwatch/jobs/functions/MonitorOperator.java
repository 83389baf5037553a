package io.gradwatch.jobs.functions;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import java.util.List;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;

/**
 * Flink's operator around {@link MonitorFunction}, which lets it write what it holds of its runs
 * when a checkpoint is taken: a function cannot, as only an operator chooses the key that state is
 * written under.
 */
public final class MonitorOperator
    extends CoBroadcastWithKeyedOperator<String, RunEvent, ConsumedRecord, ProducedRecord> {
  private static final long serialVersionUID = 1;

  /** The backend that keeps objects, by its own name. */
  private static final String HASHMAP = "hashmap";

  /** The operator of a task. */
  public MonitorOperator(MonitorFunction monitor) {
    super(monitor, List.of(MonitorFunction.POLICIES));
  }

  private MonitorFunction monitor() {
    return (MonitorFunction) getUserFunction();
  }

  @Override
  public void open() throws Exception {
    if (!HASHMAP.equals(getKeyedStateBackend().getBackendTypeIdentifier())) {
      monitor().holdStates(this);
    }
    super.open();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    monitor().writeStates();
    super.snapshotState(context);
  }
}

package io.gradwatch.jobs.functions;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.wire.policy.RefusedPolicyException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Events of one run to what its monitor finds under the policies in effect for it, as records on
 * side outputs. The main output stays empty. Events, looks by the clock, policies and runs that
 * leave each have a class of their own; this one hands Flink's calls to them.
 */
public final class MonitorFunction
    extends KeyedBroadcastProcessFunction<String, RunEvent, ConsumedRecord, ProducedRecord>
    implements CheckpointedFunction, CheckpointListener {
  /** Side output: alarms. */
  public static final OutputTag<ProducedRecord> ALARMS =
      new OutputTag<>("alarms", JobTypes.PRODUCED);

  /** Side output: clip advice. */
  public static final OutputTag<ProducedRecord> RECOMMENDATIONS =
      new OutputTag<>("recommendations", JobTypes.PRODUCED);

  /** Side output: rolling statistics. */
  public static final OutputTag<ProducedRecord> STATISTICS =
      new OutputTag<>("statistics", JobTypes.PRODUCED);

  /** Side output: what the watch over the fleet needs to know. */
  public static final OutputTag<FleetSignal> FLEET =
      new OutputTag<>("fleet", JobTypes.FLEET_SIGNAL);

  /** Broadcast state: policies by key. */
  public static final MapStateDescriptor<String, PolicyHistory> POLICIES =
      new MapStateDescriptor<>("policies", Types.STRING, JobTypes.POLICY);

  private static final String STAGE = "policies";

  private final PolicyLog policyLog;
  private final MonitorLimits limits;
  private final WireFormat wire;
  private transient @Nullable BroadcastState<String, PolicyHistory> stored;
  private transient @Nullable KeyContext keys;
  private transient RunStates states;
  private transient LivePolicies policies;
  private transient EventJudge judge;
  private transient Rounds rounds;
  private transient Departures departures;
  private transient CheckpointAge checkpointAge;
  private transient DeadLetters deadLetters;
  private transient DeadLetterCounter refused;

  /**
   * Monitors.
   *
   * @param policyLog what is read before the first event
   * @param limits bounds of what is taken and kept
   * @param wire framings of policies and of what is written
   */
  public MonitorFunction(PolicyLog policyLog, MonitorLimits limits, WireFormat wire) {
    this.policyLog = policyLog;
    this.limits = limits;
    this.wire = wire;
  }

  /** Identity of a run over all projects; a project's name holds no slash. */
  public static String keyOf(RunEvent event) {
    return event.project() + '/' + event.runId();
  }

  /** The states of runs are to be held as objects, with keys chosen there. Before it is opened. */
  void holdStates(KeyContext byKey) {
    keys = byKey;
  }

  /** Writes what is held of runs to their states. */
  void writeStates() throws IOException {
    states.write();
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    stored = context.getOperatorStateStore().getBroadcastState(POLICIES);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    // The ledger of policies writes to the state whatever it takes.
    checkpointAge.requireYoung();
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    checkpointAge.completed();
  }

  @Override
  public void notifyCheckpointAborted(long checkpoint) {
    checkpointAge.requireYoung();
  }

  @Override
  public void open(OpenContext context) throws Exception {
    AvroLimits.ensure();
    RuntimeContext runtime = getRuntimeContext();
    MetricGroup metrics = runtime.getMetricGroup();
    states = new RunStates(runtime, keys, limits.heldRuns());
    RunRegister runs = new RunRegister(states, metrics, limits.maxRuns());
    Attendance attendance = new Attendance(states, metrics, limits.runExpiry());
    WarningRate rate = new WarningRate(limits.maxWarnings());
    Announcer announcer =
        new Announcer(
            new FindingsWriter(wire.encoder(), new FindingsMetrics(metrics), rate),
            new Roster(states));
    policies = new LivePolicies(requireNonNull(stored), wire.policyDecoder(), metrics);
    judge = new EventJudge(policies, runs, attendance, announcer);
    departures = new Departures(policies, runs, attendance, announcer);
    rounds = new Rounds(policies, runs, attendance, announcer, departures);
    deadLetters = new DeadLetters(limits.deadLetterMaxBytes());
    refused = new DeadLetterCounter(metrics);
    policies.catchUp(policyLog);
    checkpointAge =
        new CheckpointAge(
            limits.mostCheckpointAge(), () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  @Override
  public void processBroadcastElement(
      ConsumedRecord record, Context context, Collector<ProducedRecord> none) throws Exception {
    try {
      policies.take(record, context.timestamp());
    } catch (RefusedPolicyException e) {
      // Each task has refused it: one tells for all.
      if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
        refused.inc(e.reason());
        context.output(
            DecodeFunction.DEAD_LETTERS, deadLetters.of(record, STAGE, e.reason().name(), e));
      }
    }
  }

  @Override
  public void processElement(
      RunEvent event, ReadOnlyContext context, Collector<ProducedRecord> none) throws Exception {
    String key = context.getCurrentKey();
    if (event.body() instanceof RunEvent.Removed) {
      departures.forget(RunName.of(key), new Occasion(context, null));
    } else {
      judge.judge(event, key, new Occasion(context, context.timestamp()));
    }
  }

  @Override
  public void onTimer(long plannedAt, OnTimerContext context, Collector<ProducedRecord> none)
      throws Exception {
    rounds.look(RunName.of(context.getCurrentKey()), plannedAt, new Occasion(context, null));
  }
}

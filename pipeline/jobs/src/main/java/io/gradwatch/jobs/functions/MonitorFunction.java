package io.gradwatch.jobs.functions;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunMonitors;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.SilencePolicy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.silence.Reporting;
import io.gradwatch.core.silence.SilenceWatch;
import io.gradwatch.jobs.functions.FindingsWriter.Cause;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.wire.policy.RefusedPolicyException;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Events of one run to what its monitor finds under the policies in effect for it, as records on
 * side outputs. The main output stays empty.
 *
 * <p>Policies come twice. When the task opens, it reads the policy topic to its end before it takes
 * any event, so that a replay and a restart know each policy in time; no input can be held back by
 * a function that Flink drives, and events kept until the end is reached would be without bound.
 * From then on the broadcast stream brings what is new. Both ways lead to the same ledger, which
 * takes each record once; the stream alone tells what is refused, by one task for all.
 */
public final class MonitorFunction
    extends KeyedBroadcastProcessFunction<String, RunEvent, ConsumedRecord, ProducedRecord>
    implements CheckpointedFunction {
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

  /** Most policies known at a time, of the fleet, projects and runs together. */
  static final int MAX_POLICIES = 20_000;

  private static final String STAGE = "policies";

  /** Looks at runs of which one takes the size of a state, as that costs some hundred steps. */
  private static final int LOOKS_PER_SIZE = 64;

  private final PolicyLog policyLog;
  private final MonitorLimits limits;
  private transient @Nullable BroadcastState<String, PolicyHistory> policies;
  private transient PolicyLedger ledger;
  private transient RunMonitors monitors;
  private transient ValueState<RunState> state;
  private transient Attendance attendance;
  private transient Roster roster;
  private transient FindingsWriter writer;
  private transient DeadLetters deadLetters;
  private transient RunCensus census;
  private transient Counter overLimit;
  private transient Histogram stateBytes;
  private transient Counter late;
  private transient DeadLetterCounter refused;
  private transient long newestOfAll;
  private transient long looks;

  /**
   * Monitors.
   *
   * @param policyLog what is read before the first event
   * @param limits bounds of what is taken and kept
   */
  public MonitorFunction(PolicyLog policyLog, MonitorLimits limits) {
    this.policyLog = policyLog;
    this.limits = limits;
  }

  /** Identity of a run over all projects; a project's name holds no slash. */
  public static String keyOf(RunEvent event) {
    return event.project() + '/' + event.runId();
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    policies = context.getOperatorStateStore().getBroadcastState(POLICIES);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    // The ledger writes to the state whatever it takes.
  }

  @Override
  public void open(OpenContext context) throws Exception {
    AvroLimits.ensure();
    ledger = new PolicyLedger(requireNonNull(policies), MAX_POLICIES);
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("run", JobTypes.STATE));
    attendance = new Attendance(getRuntimeContext(), limits.runExpiry());
    roster = new Roster(getRuntimeContext());
    deadLetters = new DeadLetters(limits.deadLetterMaxBytes());
    census = new RunCensus(limits.maxRuns());
    newestOfAll = Long.MIN_VALUE;
    MetricGroup metrics = getRuntimeContext().getMetricGroup();
    Gauge<Integer> known = ledger::policies;
    metrics.gauge("policies", known);
    Gauge<Long> version = ledger::newestOffset;
    metrics.gauge("policyVersion", version);
    late = metrics.counter("policiesLate");
    refused = new DeadLetterCounter(metrics);
    Gauge<Integer> active = census::active;
    metrics.gauge("runsActive", active);
    overLimit = metrics.counter("eventsOfRunsOverLimit");
    stateBytes = metrics.histogram("runStateBytes", FindingsMetrics.histogram());
    writer =
        new FindingsWriter(new FindingsMetrics(metrics), new WarningRate(limits.maxWarnings()));
    policyLog.read(new CatchUp());
    monitors = new RunMonitors(ledger.book());
  }

  @Override
  public void processBroadcastElement(
      ConsumedRecord record, Context context, Collector<ProducedRecord> none) throws Exception {
    @Nullable Long timestamp = context.timestamp();
    try {
      if (ledger.take(record, timestamp == null ? 0 : timestamp) <= newestOfAll) {
        late.inc();
      }
    } catch (RefusedPolicyException e) {
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
    @Nullable RunState known = state.value();
    if (event.body() instanceof RunEvent.Removed) {
      Reporting last = attendance.reporting();
      RunMonitor judge = monitors().at(event, last.newestEmittedAt());
      forget(event.project(), event.runId(), new Forgotten(last, known), judge, context);
      return;
    }
    if (known == null && !census.hasRoom(event.project(), key)) {
      overLimit.inc();
      return;
    }
    Reporting reporting = attendance.reporting();
    RunMonitor monitor = monitors().at(event, reporting.tell(event));
    newestOfAll = Math.max(newestOfAll, event.emittedAt());
    Cause cause = new Cause(context.timestamp(), context.currentProcessingTime());
    @Nullable Alarm back =
        attendance.hear(
            reporting,
            event,
            context.timestamp(),
            monitor.policy().silence(),
            context.timerService());
    if (back != null) {
      writer.write(back, cause, context::output);
      roster.tell(back, monitor.policy().fleetIncident(), fleet(context));
    }
    RunState run = known == null ? new RunState() : known;
    Findings findings = monitor.accept(run, event);
    state.update(run);
    census.count(event.project(), key, reporting.isExpected());
    writer.write(findings, cause, context::output);
    roster.tell(event, findings.alarms(), monitor.policy().fleetIncident(), fleet(context));
  }

  /** A look at one run: whether it is silent, or idle for so long that it is forgotten. */
  @Override
  public void onTimer(long plannedAt, OnTimerContext context, Collector<ProducedRecord> none)
      throws Exception {
    Reporting reporting = attendance.reporting();
    @Nullable RunState run = state.value();
    if (run == null || reporting.nextLookAt() != plannedAt) {
      return;
    }
    String key = context.getCurrentKey();
    String project = key.substring(0, key.indexOf('/'));
    String runId = key.substring(key.indexOf('/') + 1);
    RunMonitor monitor = monitors().at(project, runId, reporting.newestEmittedAt());
    // By the clock, as what it judges: a run that says nothing tells no time.
    long now = Math.max(reporting.newestEmittedAt(), context.currentProcessingTime());
    SilencePolicy policy = monitors().at(project, runId, now).policy().silence();
    if (attendance.isExpired(reporting, plannedAt, policy, context.timerService())) {
      attendance.noteExpired();
      forget(project, runId, new Forgotten(reporting, run), monitor, context);
      return;
    }
    Cause cause = new Cause(null, context.currentProcessingTime());
    @Nullable Alarm silent =
        attendance.look(
            reporting, project, runId, run.pageIsOpen(), policy, context.timerService());
    if (silent != null) {
      writer.write(silent, cause, context::output);
      roster.tell(silent, monitor.policy().fleetIncident(), fleet(context));
    }
    census.count(project, key, reporting.isExpected());
    if (looks++ % LOOKS_PER_SIZE == 0) {
      stateBytes.update(run.toBytes().length);
    }
  }

  /**
   * What is known of a run that goes.
   *
   * @param run null: nothing was heard of it
   */
  private record Forgotten(Reporting reporting, @Nullable RunState run) {}

  /** Closes what is open of the run in whose context this is, and forgets it. */
  private void forget(
      String project, String runId, Forgotten what, RunMonitor monitor, ReadOnlyContext context)
      throws Exception {
    Cause cause = new Cause(null, context.currentProcessingTime());
    RunEvent end = end(project, runId, what.reporting());
    @Nullable Alarm last = SilenceWatch.giveUp(what.reporting(), project, runId);
    if (last != null) {
      writer.write(last, cause, context::output);
    }
    if (what.run() != null && !what.reporting().hasEnded()) {
      writer.write(monitor.accept(what.run(), end), cause, context::output);
    }
    writer.forget(project, runId, context::output);
    roster.forget(end, monitor.policy().fleetIncident(), fleet(context));
    attendance.forget();
    census.remove(project, context.getCurrentKey());
    state.clear();
  }

  private static Consumer<FleetSignal> fleet(
      KeyedBroadcastProcessFunction<String, RunEvent, ConsumedRecord, ProducedRecord>
              .ReadOnlyContext
          context) {
    return signal -> context.output(FLEET, signal);
  }

  /** A run that is given up has ended: nobody else closes what is open of it. */
  private static RunEvent end(String project, String runId, Reporting reporting) {
    return new RunEvent(
        project,
        runId,
        reporting.attempt(),
        reporting.step(),
        reporting.emittedAt(),
        RunEvent.WHOLE_RUN,
        new RunEvent.Ended(RunEvent.Outcome.UNKNOWN));
  }

  private RunMonitors monitors() {
    if (!monitors.areOf(ledger.book())) {
      monitors = new RunMonitors(ledger.book());
    }
    return monitors;
  }

  /** What lies in the topic when the task opens; the stream tells what is refused of it. */
  private final class CatchUp implements PolicyLog.Reader {
    @Override
    public void begin(long end) throws Exception {
      ledger.begin(end);
    }

    @Override
    public void take(ConsumedRecord record, long timestamp) throws Exception {
      try {
        ledger.take(record, timestamp);
      } catch (RefusedPolicyException e) {
        // As if it were not there: what is known of its key stays.
      }
    }
  }
}

package io.gradwatch.jobs.functions;

import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunMonitors;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.wire.policy.PolicyDecoder;
import io.gradwatch.wire.policy.RefusedPolicyException;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The monitor of each run under the policies in effect for it.
 *
 * <p>Policies come twice. When the task opens, it reads the policy topic to its end before it takes
 * any event, so that a replay and a restart know each policy in time; no input can be held back by
 * a function that Flink drives, and events kept until the end is reached would be without bound.
 * From then on the broadcast stream brings what is new. Both ways lead to the same ledger, which
 * takes each record once; the stream alone tells what is refused.
 */
final class LivePolicies {
  /** Most policies known at a time, of the fleet, projects and runs together. */
  static final int MAX_POLICIES = 20_000;

  private final PolicyLedger ledger;
  private final Counter late;
  private RunMonitors monitors;

  /** Newest time of all events that were judged. */
  private long newest = Long.MIN_VALUE;

  /** Those that the state holds. */
  LivePolicies(
      BroadcastState<String, PolicyHistory> state, PolicyDecoder decoder, MetricGroup metrics)
      throws Exception {
    ledger = new PolicyLedger(state, decoder, MAX_POLICIES);
    monitors = new RunMonitors(ledger.book());
    Gauge<Integer> known = ledger::policies;
    metrics.gauge("policies", known);
    Gauge<Long> version = ledger::newestOffset;
    metrics.gauge("policyVersion", version);
    late = metrics.counter("policiesLate");
  }

  /** Takes what lies in the topic when the task opens. */
  void catchUp(PolicyLog log) throws Exception {
    log.read(new CatchUp());
  }

  /**
   * Takes a record of the stream.
   *
   * @param timestamp the record's; null: it has none
   */
  void take(ConsumedRecord record, @Nullable Long timestamp) throws Exception {
    if (ledger.take(record, timestamp == null ? 0 : timestamp) <= newest) {
      late.inc();
    }
  }

  /**
   * The monitor that judges an event.
   *
   * @param told the newest time that the run has told, with this event
   */
  RunMonitor judgeOf(RunEvent event, long told) {
    newest = Math.max(newest, event.emittedAt());
    return at(event.project(), event.runId(), told);
  }

  /** The monitor of a run at a time, in milliseconds since 1970. */
  RunMonitor at(String project, String runId, long time) {
    if (!monitors.areOf(ledger.book())) {
      monitors = new RunMonitors(ledger.book());
    }
    return monitors.at(project, runId, time);
  }

  /** The stream tells what is refused of the topic. */
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

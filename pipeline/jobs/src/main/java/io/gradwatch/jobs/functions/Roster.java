package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.RunStanding;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.types.JobTypes;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Tells the watch over the fleet which of one task's runs are there, and which page: the state
 * around {@link RunStanding}. It is read for events that may be of interest only, so that a step
 * costs nothing.
 */
final class Roster {
  private final ValueState<RunStanding> state;

  Roster(RunStates states) {
    state = states.of(new ValueStateDescriptor<>("standing", JobTypes.STANDING));
  }

  /** Tells what an event and the alarms it led to mean for the fleet; mostly nothing. */
  void tell(RunEvent event, List<Alarm> alarms, FleetIncidentPolicy policy, Occasion occasion)
      throws IOException {
    boolean concerns = RunStanding.concerns(event);
    if (!concerns && alarms.isEmpty()) {
      return;
    }
    RunStanding run = standing();
    for (Alarm alarm : alarms) {
      tell(run, alarm, policy, occasion);
    }
    if (concerns) {
      tell(run.take(event, policy), occasion);
    }
    state.update(run);
  }

  /** Tells what an alarm means for the fleet that no event led to. */
  void tell(Alarm alarm, FleetIncidentPolicy policy, Occasion occasion) throws IOException {
    if (RunStanding.concerns(alarm)) {
      RunStanding run = standing();
      tell(run, alarm, policy, occasion);
      state.update(run);
    }
  }

  /** Tells that the run in whose context this is has ended, and forgets it. */
  void forget(RunEvent end, FleetIncidentPolicy policy, Occasion occasion) throws IOException {
    tell(standing().leave(end.project(), end.runId(), end.emittedAt(), policy), occasion);
    state.clear();
  }

  private static void tell(
      RunStanding run, Alarm alarm, FleetIncidentPolicy policy, Occasion occasion) {
    FleetSignal signal = RunStanding.concerns(alarm) ? run.take(alarm, policy) : null;
    if (signal != null) {
      occasion.output(MonitorFunction.FLEET, signal);
    }
  }

  private static void tell(List<FleetSignal> signals, Occasion occasion) {
    for (FleetSignal signal : signals) {
      occasion.output(MonitorFunction.FLEET, signal);
    }
  }

  private RunStanding standing() throws IOException {
    @Nullable RunStanding known = state.value();
    return known == null ? new RunStanding() : known;
  }
}

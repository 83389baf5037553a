package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.SilencePolicy;
import io.gradwatch.core.silence.Reporting;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Looks at runs by the clock: whether they are silent, or idle for so long that they leave. */
final class Rounds {
  private final LivePolicies policies;
  private final RunRegister runs;
  private final Attendance attendance;
  private final Announcer announcer;
  private final Departures departures;

  Rounds(
      LivePolicies policies,
      RunRegister runs,
      Attendance attendance,
      Announcer announcer,
      Departures departures) {
    this.policies = policies;
    this.runs = runs;
    this.attendance = attendance;
    this.announcer = announcer;
    this.departures = departures;
  }

  /** Looks at the run in whose context this is, when that was planned for then. */
  void look(RunName name, long plannedAt, Occasion occasion) throws IOException {
    Reporting reporting = attendance.reporting();
    if (reporting.nextLookAt() != plannedAt) {
      return;
    }
    @Nullable RunState run = runs.known();
    if (run == null) {
      return;
    }
    // By the clock, as what it judges: a run that says nothing tells no time.
    long now = Math.max(reporting.newestEmittedAt(), occasion.now());
    SilencePolicy silence = policies.at(name.project(), name.runId(), now).policy().silence();
    if (attendance.isExpired(reporting, plannedAt, silence, occasion)) {
      attendance.noteExpired();
      departures.forget(name, occasion);
      return;
    }
    @Nullable Alarm alarm = attendance.look(reporting, name, run.pageIsOpen(), silence, occasion);
    if (alarm != null) {
      RunMonitor monitor = policies.at(name.project(), name.runId(), reporting.newestEmittedAt());
      announcer.tell(alarm, monitor.policy().fleetIncident(), occasion);
    }
    runs.count(name.project(), name.key(), reporting);
    runs.sample(run);
  }
}

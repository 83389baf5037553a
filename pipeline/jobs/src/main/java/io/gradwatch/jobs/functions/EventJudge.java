package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.silence.Reporting;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Judges the events of runs, but for those of runs that find no room. */
final class EventJudge {
  private final LivePolicies policies;
  private final RunRegister runs;
  private final Attendance attendance;
  private final Announcer announcer;

  EventJudge(LivePolicies policies, RunRegister runs, Attendance attendance, Announcer announcer) {
    this.policies = policies;
    this.runs = runs;
    this.attendance = attendance;
    this.announcer = announcer;
  }

  /** Judges an event of the run of that key. */
  void judge(RunEvent event, String key, Occasion occasion) throws IOException {
    @Nullable RunState known = runs.known();
    if (known == null && !runs.admits(event.project())) {
      return;
    }
    Reporting reporting = attendance.reporting();
    RunMonitor monitor = policies.judgeOf(event, reporting.tell(event));
    FleetIncidentPolicy fleet = monitor.policy().fleetIncident();
    @Nullable Alarm back = attendance.hear(reporting, event, monitor.policy().silence(), occasion);
    if (back != null) {
      announcer.tell(back, fleet, occasion);
    }
    RunState run = known == null ? new RunState() : known;
    Findings findings = monitor.accept(run, event);
    runs.keep(run);
    runs.count(event.project(), key, reporting);
    announcer.tell(event, findings, fleet, occasion);
  }
}

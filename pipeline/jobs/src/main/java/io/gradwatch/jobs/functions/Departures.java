package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.silence.Reporting;
import io.gradwatch.core.silence.SilenceWatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Runs that are forgotten: those that are taken out, and those that were idle for too long. */
final class Departures {
  private final LivePolicies policies;
  private final RunRegister runs;
  private final Attendance attendance;
  private final Announcer announcer;

  Departures(LivePolicies policies, RunRegister runs, Attendance attendance, Announcer announcer) {
    this.policies = policies;
    this.runs = runs;
    this.attendance = attendance;
    this.announcer = announcer;
  }

  /** Closes what is open of the run in whose context this is, and forgets it. */
  void forget(RunName name, Occasion occasion) throws IOException {
    Reporting reporting = attendance.reporting();
    @Nullable RunState run = runs.known();
    RunMonitor monitor = policies.at(name.project(), name.runId(), reporting.newestEmittedAt());
    RunEvent end = end(name, reporting);
    @Nullable Alarm silence = SilenceWatch.giveUp(reporting, name.project(), name.runId());
    if (silence != null) {
      announcer.tellLast(silence, occasion);
    }
    if (run != null && !reporting.hasEnded()) {
      announcer.tellLast(monitor.accept(run, end), occasion);
    }
    announcer.tellLeft(end, monitor.policy().fleetIncident(), occasion);
    attendance.forget();
    runs.forget(name.project(), name.key());
  }

  /** A run that is given up has ended: nobody else closes what is open of it. */
  private static RunEvent end(RunName name, Reporting reporting) {
    return new RunEvent(
        name.project(),
        name.runId(),
        reporting.attempt(),
        reporting.step(),
        reporting.emittedAt(),
        RunEvent.WHOLE_RUN,
        new RunEvent.Ended(RunEvent.Outcome.UNKNOWN));
  }
}

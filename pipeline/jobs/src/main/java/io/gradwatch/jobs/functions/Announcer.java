package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.signal.RunEvent;
import java.io.IOException;

/** Tells what is found of runs: readers of the topics, and the watch over the fleet. */
final class Announcer {
  private final FindingsWriter writer;
  private final Roster roster;

  Announcer(FindingsWriter writer, Roster roster) {
    this.writer = writer;
    this.roster = roster;
  }

  /** Tells what an event led to. */
  void tell(RunEvent event, Findings findings, FleetIncidentPolicy policy, Occasion occasion)
      throws IOException {
    writer.write(findings, occasion);
    roster.tell(event, findings.alarms(), policy, occasion);
  }

  /** Tells of an alarm that no monitor raised. */
  void tell(Alarm alarm, FleetIncidentPolicy policy, Occasion occasion) throws IOException {
    writer.write(alarm, occasion);
    roster.tell(alarm, policy, occasion);
  }

  /** Tells of an alarm of a run that is about to leave, which says enough to the fleet. */
  void tellLast(Alarm alarm, Occasion occasion) {
    writer.write(alarm, occasion);
  }

  /** Tells what the end of a run that is about to leave led to. */
  void tellLast(Findings findings, Occasion occasion) {
    writer.write(findings, occasion);
  }

  /** Tells that a run leaves, by its end, and takes its advice back. */
  void tellLeft(RunEvent end, FleetIncidentPolicy policy, Occasion occasion) throws IOException {
    writer.forget(end.project(), end.runId(), occasion);
    roster.forget(end, policy, occasion);
  }
}

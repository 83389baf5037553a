package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.fleet.FleetSignal.Page;
import java.util.List;

/**
 * One revision of one incident, as it goes out.
 *
 * @param id 32 hexadecimal digits
 * @param revision 0 at the opening, one more with every record
 * @param group what the members share
 * @param openedAt emitted_at of the earliest alarm known when it opened, in milliseconds since 1970
 * @param updatedAt emitted_at of the newest event that had to do with it
 * @param members oldest first, at most {@link #MAX_MEMBERS}
 * @param runsWatched runs of the group that are active or members, those not remembered included
 * @param summary one sentence for a tired person
 */
public record Incident(
    String id,
    int revision,
    AlarmState state,
    Severity severity,
    Group group,
    long openedAt,
    long updatedAt,
    List<Member> members,
    int runsWatched,
    String summary) {

  /** Most members one incident names; more are counted. */
  public static final int MAX_MEMBERS = 1_000;

  /**
   * One run of the incident with its alarm.
   *
   * @param emittedAt emitted_at of the event that opened the alarm
   */
  public record Member(String project, String runId, Page page, long emittedAt) {}
}

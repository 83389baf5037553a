package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import java.util.List;

/**
 * What the watch over a fleet hears of one run; rare, next to nothing beside the run's steps.
 *
 * @param groups the run's, from the narrowest to the widest
 * @param emittedAt emitted_at of the event that caused it, in milliseconds since 1970
 * @param page the alarm that opened or resolved; {@link Page#NONE} when it is not about one
 * @param policy what holds for the run
 */
public record FleetSignal(
    What what,
    String project,
    String runId,
    List<Group> groups,
    long emittedAt,
    Page page,
    FleetIncidentPolicy policy) {

  /** What became known; crosses between operators by name. */
  public enum What {
    /** The run is active and belongs to these groups, to others no more. */
    JOINED,
    /** It fell silent: not active, nor its page open, until it joins again. */
    AWAY,
    /** It ended, was given up, or is compared elsewhere now. */
    LEFT,
    /** An alarm of it became CRITICAL. */
    PAGED,
    /** That alarm resolved. */
    RECOVERED
  }

  /**
   * A CRITICAL alarm of a run.
   *
   * @param step at which it opened
   */
  public record Page(String alarmId, AlarmKind kind, long step) {
    /** No alarm. */
    public static final Page NONE = new Page("", AlarmKind.FLEET_INCIDENT, 0);
  }

  /** The name under which signals are told apart that must meet: the widest group's value. */
  public String area() {
    return Group.widest(groups).value();
  }
}

package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the watch over the fleet was told of one run, so that it is told what is new and nothing
 * else. A new one has told nothing.
 */
public final class RunStanding implements State {
  /** Version of the binary form, its first four bytes. */
  public static final int VERSION = 1;

  private static final List<Group> NO_GROUPS = Group.of(Map.of());

  private int attempt;
  private boolean joined;
  private List<Group> groups = NO_GROUPS;

  /** The alarm that pages; blank: none. */
  private String alarmId = "";

  @Override
  public void fields(StateCodec codec) {
    attempt = codec.i32(attempt);
    joined = codec.flag(joined);
    groups = GroupCodec.walk(codec, groups);
    alarmId = codec.text(alarmId);
  }

  /** Writes the binary form. */
  public void write(DataOutput out) {
    StateWriter writer = new StateWriter(out);
    writer.i32(VERSION);
    fields(writer);
  }

  /**
   * Reads the binary form.
   *
   * @throws IllegalStateException when it was written by a version this code does not know
   */
  public static RunStanding read(DataInput in) {
    StateReader reader = new StateReader(in);
    int version = reader.i32(0);
    if (version != VERSION) {
      throw new IllegalStateException(
          "a run's standing has version " + version + ", this build reads " + VERSION);
    }
    RunStanding standing = new RunStanding();
    standing.fields(reader);
    return standing;
  }

  /** An independent copy. */
  public RunStanding copy() {
    RunStanding copy = new RunStanding();
    copy.attempt = attempt;
    copy.joined = joined;
    copy.groups = groups;
    copy.alarmId = alarmId;
    return copy;
  }

  /** Whether an event may be of interest to the fleet; of most it is not. */
  public static boolean concerns(RunEvent event) {
    return (event.body() instanceof RunEvent.Started || event.body() instanceof RunEvent.Ended)
        && (event.rank() == RunEvent.WHOLE_RUN || event.rank() == 0);
  }

  /** Whether an alarm may be of interest to the fleet. */
  public static boolean concerns(Alarm alarm) {
    return alarm.severity() == Severity.CRITICAL || alarm.kind() == AlarmKind.SILENCE;
  }

  /** What an event that {@link #concerns} the fleet leads to; mostly nothing. */
  public List<FleetSignal> take(RunEvent event, FleetIncidentPolicy policy) {
    if (event.attempt() < attempt) {
      return List.of();
    }
    attempt = event.attempt();
    if (!policy.detector().enabled() || !(event.body() instanceof RunEvent.Started started)) {
      return leave(event.project(), event.runId(), event.emittedAt(), policy);
    }
    List<Group> now = Group.of(started.tags());
    if (joined && now.equals(groups)) {
      return List.of();
    }
    List<FleetSignal> signals = new ArrayList<>(2);
    boolean isComparedElsewhere = !Group.widest(now).equals(Group.widest(groups));
    if (joined && isComparedElsewhere) {
      signals.addAll(leave(event.project(), event.runId(), event.emittedAt(), policy));
    }
    joined = true;
    groups = now;
    signals.add(
        signal(What.JOINED, event.project(), event.runId(), event.emittedAt(), Page.NONE, policy));
    return signals;
  }

  /** What an alarm that {@link #concerns} the fleet leads to; null: nothing. */
  public @Nullable FleetSignal take(Alarm alarm, FleetIncidentPolicy policy) {
    boolean isOver = alarm.state() == AlarmState.RESOLVED;
    boolean isKnown = alarm.id().equals(alarmId);
    if (alarm.severity() != Severity.CRITICAL) {
      return silence(alarm, isOver, policy);
    }
    if (isOver != isKnown || !policy.detector().enabled()) {
      return null;
    }
    alarmId = isOver ? "" : alarm.id();
    joined |= !isOver;
    return signal(
        isOver ? What.RECOVERED : What.PAGED,
        alarm.project(),
        alarm.runId(),
        alarm.emittedAt(),
        new Page(alarm.id(), alarm.kind(), alarm.openedStep()),
        policy);
  }

  /** A silence that does not page: most runs that are killed say no more than this. */
  private @Nullable FleetSignal silence(Alarm alarm, boolean isOver, FleetIncidentPolicy policy) {
    boolean isOn = policy.detector().enabled();
    if (!joined || !isOn || alarm.resolution() == Resolution.RUN_ENDED) {
      return null;
    }
    return signal(
        isOver ? What.JOINED : What.AWAY,
        alarm.project(),
        alarm.runId(),
        alarm.emittedAt(),
        Page.NONE,
        policy);
  }

  /** What the end of a run leads to, or that it is given up. */
  public List<FleetSignal> leave(
      String project, String runId, long emittedAt, FleetIncidentPolicy policy) {
    if (!joined) {
      return List.of();
    }
    joined = false;
    alarmId = "";
    return List.of(signal(What.LEFT, project, runId, emittedAt, Page.NONE, policy));
  }

  private FleetSignal signal(
      What what,
      String project,
      String runId,
      long emittedAt,
      Page page,
      FleetIncidentPolicy policy) {
    return new FleetSignal(what, project, runId, groups, emittedAt, page, policy);
  }
}

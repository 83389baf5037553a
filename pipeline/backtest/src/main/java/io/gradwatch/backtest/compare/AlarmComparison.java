package io.gradwatch.backtest.compare;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.core.alarm.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What two policies raise on the same runs.
 *
 * <p>Two alarms of one kind and severity in one run are the same alarm when they are raised at the
 * same step, and the same alarm moved when their steps are less than an episode apart; alarms are
 * paired in the order of their steps.
 *
 * @param changes what is not raised alike: by run in the order of reading, then by step
 * @param totals how many of each severity
 */
public record AlarmComparison(List<AlarmChange> changes, Map<Severity, Totals> totals) {
  /** Alarms nearer than this are of one episode, as in scoring. */
  private static final long EPISODE_STEPS = 64;

  /**
   * Alarms of one severity.
   *
   * @param inA raised by the first policy
   * @param inB raised by the second
   * @param onlyA raised by the first alone
   * @param onlyB raised by the second alone
   * @param moved raised by both, at different steps
   */
  public record Totals(int inA, int inB, int onlyA, int onlyB, int moved) {}

  /** Compares what was raised on the runs that either of them read. */
  public static AlarmComparison of(RaisedAlarms a, RaisedAlarms b) {
    List<AlarmChange> changes = new ArrayList<>();
    Set<String> runs = new LinkedHashSet<>(a.runs());
    runs.addAll(b.runs());
    Map<Severity, Integer> inA = new EnumMap<>(Severity.class);
    Map<Severity, Integer> inB = new EnumMap<>(Severity.class);
    for (String run : runs) {
      a.of(run).forEach(alarm -> inA.merge(alarm.severity(), 1, Integer::sum));
      b.of(run).forEach(alarm -> inB.merge(alarm.severity(), 1, Integer::sum));
      changes.addAll(changes(run, a.of(run), b.of(run)));
    }
    Map<Severity, Totals> totals = new EnumMap<>(Severity.class);
    for (Severity severity : Severity.values()) {
      totals.put(
          severity,
          totals(
              changes.stream().filter(change -> change.severity() == severity).toList(),
              inA.getOrDefault(severity, 0),
              inB.getOrDefault(severity, 0)));
    }
    return new AlarmComparison(List.copyOf(changes), totals);
  }

  /** How many alarms of a severity. */
  public Totals of(Severity severity) {
    return totals.getOrDefault(severity, new Totals(0, 0, 0, 0, 0));
  }

  private static Totals totals(List<AlarmChange> changes, int inA, int inB) {
    int onlyA = (int) changes.stream().filter(change -> change.stepInB() == null).count();
    int onlyB = (int) changes.stream().filter(change -> change.stepInA() == null).count();
    return new Totals(inA, inB, onlyA, onlyB, changes.size() - onlyA - onlyB);
  }

  private static List<AlarmChange> changes(String run, List<RaisedAlarm> a, List<RaisedAlarm> b) {
    List<RaisedAlarm> leftOfA = new ArrayList<>(a);
    List<RaisedAlarm> leftOfB = new ArrayList<>(b);
    for (RaisedAlarm alarm : a) {
      if (leftOfB.remove(alarm)) {
        leftOfA.remove(alarm);
      }
    }
    leftOfA.sort(Comparator.comparingLong(RaisedAlarm::step));
    leftOfB.sort(Comparator.comparingLong(RaisedAlarm::step));
    List<AlarmChange> changes = new ArrayList<>();
    for (RaisedAlarm alarm : leftOfA) {
      Long stepInB = takeNear(alarm, leftOfB);
      changes.add(new AlarmChange(run, alarm.kind(), alarm.severity(), alarm.step(), stepInB));
    }
    for (RaisedAlarm alarm : leftOfB) {
      changes.add(new AlarmChange(run, alarm.kind(), alarm.severity(), null, alarm.step()));
    }
    changes.sort(Comparator.comparingLong(AlarmChange::firstStep));
    return changes;
  }

  /** Removes the first alarm that may be this one, moved, and tells its step. */
  private static @Nullable Long takeNear(RaisedAlarm alarm, List<RaisedAlarm> others) {
    for (RaisedAlarm other : others) {
      if (other.kind() == alarm.kind()
          && other.severity() == alarm.severity()
          && Math.abs(other.step() - alarm.step()) < EPISODE_STEPS) {
        others.remove(other);
        return other.step();
      }
    }
    return null;
  }
}

package io.gradwatch.core.silence;

import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import java.io.DataInput;
import java.io.DataOutput;

/**
 * What is remembered of when one run reports. A new one has never been heard of.
 *
 * <p>Anything keeps a run alive: steps, heartbeats, events of any rank; but not those of an attempt
 * before the newest, whose writer is one that was left over. Times are learnt from what speaks for
 * the run, as the clocks of its ranks differ. After its end a run is expected to report only once a
 * newer attempt, or the same one, starts.
 */
public final class Reporting implements State {
  /** Version of the binary form, its first four bytes. */
  public static final int VERSION = 1;

  /** Longest pause that is learnt: one that is longer is a fault, and twice an hour is enough. */
  static final long MOST_PAUSE_MILLIS = 3_600_000;

  /** Longest time between two steps that is learnt; no training reports more rarely. */
  static final long MOST_INTERVAL_MILLIS = 86_400_000;

  /** Intervals that the mean of them rests on. */
  private static final long INTERVALS = 32;

  /** Share of the longest pause that a step keeps: halved in 700 steps. */
  private static final double PAUSE_KEPT = 0.999;

  int attempt;
  long step;
  long emittedAt;

  /** Newest time that any event told, heard or not. */
  private long newestEmittedAt = Long.MIN_VALUE;

  boolean ended;

  /** When it was last heard of, by the listener's clock; 0: never. */
  long heardAt;

  double intervalMillis;
  double pauseMillis;
  private long intervals;
  private long stepEmittedAt;

  /** Severity of the open alarm; blank: none is open. */
  String severity = "";

  /** Where the newest alarm opened, and the revision that its next record has. */
  int alarmAttempt;

  long alarmStep;
  int alarmRevision;

  /** A record of the run and when it was read, to see how fast its records come. */
  long anchorTimestamp;

  long anchorReadAt;

  /** When to look at the run again; 0: no look is planned. For the listener to use. */
  private long nextLookAt;

  @Override
  public void fields(StateCodec codec) {
    attempt = codec.i32(attempt);
    step = codec.i64(step);
    emittedAt = codec.i64(emittedAt);
    newestEmittedAt = codec.i64(newestEmittedAt);
    ended = codec.flag(ended);
    heardAt = codec.i64(heardAt);
    intervalMillis = codec.f64(intervalMillis);
    pauseMillis = codec.f64(pauseMillis);
    intervals = codec.i64(intervals);
    stepEmittedAt = codec.i64(stepEmittedAt);
    severity = codec.text(severity);
    alarmAttempt = codec.i32(alarmAttempt);
    alarmStep = codec.i64(alarmStep);
    alarmRevision = codec.i32(alarmRevision);
    anchorTimestamp = codec.i64(anchorTimestamp);
    anchorReadAt = codec.i64(anchorReadAt);
    nextLookAt = codec.i64(nextLookAt);
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
  public static Reporting read(DataInput in) {
    StateReader reader = new StateReader(in);
    int version = reader.i32(0);
    if (version != VERSION) {
      throw new IllegalStateException(
          "a run's reporting has version " + version + ", this build reads " + VERSION);
    }
    reader.writtenBy(version);
    Reporting state = new Reporting();
    state.fields(reader);
    return state;
  }

  /**
   * Notes the time that an event tells, also of one that is no sign of life.
   *
   * @return the newest that the run has told: a policy that took effect stays in effect
   */
  public long tell(RunEvent event) {
    newestEmittedAt = Math.max(newestEmittedAt, event.emittedAt());
    return newestEmittedAt;
  }

  /** The newest time that the run has told, in milliseconds since 1970. */
  public long newestEmittedAt() {
    return newestEmittedAt;
  }

  /**
   * Hears of the run.
   *
   * @param now the listener's clock
   * @return whether this is a sign of life; else nothing has changed
   */
  boolean hear(RunEvent event, long now) {
    boolean isFirst = heardAt == 0;
    boolean isNewAttempt = isFirst || event.attempt() > attempt;
    if (!isNewAttempt && (event.attempt() < attempt || (ended && !startsAgain(event)))) {
      return false;
    }
    if (isNewAttempt) {
      attempt = event.attempt();
      step = event.step();
      stepEmittedAt = 0;
    } else if (!ended && speaksForRun(event)) {
      long pause = event.emittedAt() - emittedAt;
      pauseMillis = Math.max(pauseMillis, (double) Math.min(pause, MOST_PAUSE_MILLIS));
    }
    if (event.body() instanceof Observation
        && speaksForRun(event)
        && (event.step() > step || stepEmittedAt == 0)) {
      learn(event.emittedAt());
    }
    step = Math.max(step, event.step());
    if (isNewAttempt || speaksForRun(event)) {
      emittedAt = event.emittedAt();
    }
    ended = event.body() instanceof RunEvent.Ended && speaksForRun(event);
    heardAt = now;
    return true;
  }

  private void learn(long now) {
    long interval = Math.min(now - stepEmittedAt, MOST_INTERVAL_MILLIS);
    if (stepEmittedAt != 0 && interval > 0) {
      intervals = Math.min(intervals + 1, INTERVALS);
      intervalMillis += (interval - intervalMillis) / intervals;
      pauseMillis *= PAUSE_KEPT;
    }
    stepEmittedAt = now;
  }

  private static boolean startsAgain(RunEvent event) {
    return event.body() instanceof RunEvent.Started && speaksForRun(event);
  }

  /** Other ranks end before the run does, and are late after it. */
  static boolean speaksForRun(RunEvent event) {
    return event.rank() == RunEvent.WHOLE_RUN || event.rank() == 0;
  }

  /** Whether an alarm says that the run is silent. */
  public boolean alarmIsOpen() {
    return !severity.isEmpty();
  }

  /** Notes that an alarm opened where the run stands now. */
  void open(Severity of) {
    if (alarmAttempt != attempt || alarmStep != step) {
      alarmAttempt = attempt;
      alarmStep = step;
      alarmRevision = 0;
    }
    severity = of.name();
  }

  /** Whether it ended, so that nothing is expected of it. */
  public boolean hasEnded() {
    return ended;
  }

  /** Whether events of it are due: it has neither ended nor fallen silent. */
  public boolean isExpected() {
    return !ended && !alarmIsOpen();
  }

  /** When to look at it again, by the listener's clock; 0: no look is planned. */
  public long nextLookAt() {
    return nextLookAt;
  }

  /** Plans to look at it again. */
  public void lookAt(long time) {
    nextLookAt = time;
  }

  /** Attempt that it last told. */
  public int attempt() {
    return attempt;
  }

  /** Newest step that it told in this attempt. */
  public long step() {
    return step;
  }

  /** The run's own time of the last event heard. */
  public long emittedAt() {
    return emittedAt;
  }
}

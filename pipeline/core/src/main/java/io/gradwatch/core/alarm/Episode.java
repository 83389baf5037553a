package io.gradwatch.core.alarm;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.ArrayList;
import java.util.List;

/** An open alarm as it is remembered. */
public final class Episode implements State {
  private String kind = "";
  private String severity = "";
  private int attempt;
  private int revision;
  private long onsetStep;
  private long openedStep;
  private long lastRecordStep;
  private long clear;
  private List<String> joined = List.of();

  @Override
  public void fields(StateCodec codec) {
    kind = codec.text(kind);
    severity = codec.text(severity);
    attempt = codec.i32(attempt);
    revision = codec.i32(revision);
    onsetStep = codec.i64(onsetStep);
    openedStep = codec.i64(openedStep);
    lastRecordStep = codec.i64(lastRecordStep);
    clear = codec.i64(clear);
    joined = codec.texts(joined);
  }

  static Episode open(AlarmKind kind, Severity severity, int attempt, long step) {
    Episode episode = new Episode();
    episode.kind = kind.name();
    episode.severity = severity.name();
    episode.attempt = attempt;
    episode.onsetStep = step;
    episode.openedStep = step;
    episode.lastRecordStep = step;
    return episode;
  }

  void escalate(Severity to, long step) {
    severity = to.name();
    revise(step);
  }

  void join(AlarmKind other, long step) {
    List<String> all = new ArrayList<>(joined);
    all.add(other.name());
    joined = List.copyOf(all);
    revise(step);
  }

  void revise(long step) {
    revision++;
    lastRecordStep = step;
  }

  /** Seen again: what was clear before does not count towards a resolution. */
  void touch() {
    clear = 0;
  }

  /** Not seen at this step; answers for how many observations in a row. */
  long pass() {
    return ++clear;
  }

  /** Says when the disturbance began, once its alarm is first written. */
  public void beganAt(long step) {
    onsetStep = step;
  }

  /** What was seen first. */
  public AlarmKind kind() {
    return AlarmKind.valueOf(kind);
  }

  /** Highest severity reached. */
  public Severity severity() {
    return Severity.valueOf(severity);
  }

  boolean is(AlarmKind other) {
    return kind.equals(other.name());
  }

  boolean pages() {
    return severity.equals(Severity.CRITICAL.name());
  }

  boolean hasJoined(AlarmKind other) {
    return joined.contains(other.name());
  }

  /** Kinds that joined, in the order in which they came. */
  public List<AlarmKind> joinedKinds() {
    return joined.stream().map(AlarmKind::valueOf).toList();
  }

  /** Attempt in which it opened. */
  public int attempt() {
    return attempt;
  }

  /** 0 at the opening, one more with every record. */
  public int revision() {
    return revision;
  }

  /** Step at which the disturbance began. */
  public long onsetStep() {
    return onsetStep;
  }

  /** Newest step read when it opened. */
  public long openedStep() {
    return openedStep;
  }

  long lastRecordStep() {
    return lastRecordStep;
  }
}

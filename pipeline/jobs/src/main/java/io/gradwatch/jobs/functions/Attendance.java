package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.policy.SilencePolicy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.silence.Reporting;
import io.gradwatch.core.silence.SilenceWatch;
import io.gradwatch.core.silence.Vigil;
import io.gradwatch.jobs.types.JobTypes;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.jspecify.annotations.Nullable;

/**
 * Which of one task's runs report: the clock, the timers and the state around {@link SilenceWatch}.
 * A run has one timer, which looks whether it is silent or idle for so long that it is to be
 * forgotten. Flink restores timers with the state, and those whose time has come in between fire at
 * once: what they see counts from the task's opening on, see {@link Vigil}.
 */
final class Attendance {
  private final ValueState<Reporting> state;
  private final long expiryMillis;
  private final Counter silent;
  private final Counter expired;
  private @Nullable Vigil vigil;

  /**
   * Attends to the runs of a task that is opened.
   *
   * @param runExpiry idle time after which a run is forgotten
   */
  Attendance(RunStates states, MetricGroup metrics, Duration runExpiry) {
    state = states.of(new ValueStateDescriptor<>("reporting", JobTypes.REPORTING));
    expiryMillis = runExpiry.toMillis();
    silent = metrics.counter("runsSilent");
    expired = metrics.counter("runsExpired");
  }

  /** The first timer or event comes right behind the opening: the clock is known with it. */
  private Vigil vigil(long now) {
    if (vigil == null) {
      vigil = new Vigil(now);
    }
    return vigil;
  }

  /** What is remembered of the run in whose context this is; a new one where nothing is. */
  Reporting reporting() throws IOException {
    @Nullable Reporting known = state.value();
    return known == null ? new Reporting() : known;
  }

  /**
   * Hears of the run in whose context this is, and keeps what is known of it.
   *
   * @return that it is silent no more; mostly null
   */
  @Nullable Alarm hear(Reporting run, RunEvent event, SilencePolicy policy, Occasion occasion)
      throws IOException {
    long now = occasion.now();
    Vigil listening = vigil(now);
    @Nullable Long timestamp = occasion.timestamp();
    if (timestamp != null) {
      listening.read(run, event, timestamp, now);
    }
    Alarm resolved = SilenceWatch.hear(run, event, now);
    long next = new SilenceWatch(policy, expiryMillis).nextLook(run, listening, now);
    if (run.nextLookAt() == 0 || next < run.nextLookAt()) {
      plan(run, next, occasion.timers());
    }
    state.update(run);
    return resolved;
  }

  private static void plan(Reporting run, long next, TimerService timers) {
    if (run.nextLookAt() != 0) {
      timers.deleteProcessingTimeTimer(run.nextLookAt());
    }
    run.lookAt(next);
    timers.registerProcessingTimeTimer(next);
  }

  /** Whether the run was idle for so long that it is to be forgotten. */
  boolean isExpired(Reporting run, long plannedAt, SilencePolicy policy, Occasion occasion) {
    long now = occasion.now();
    Vigil listening = vigil(now);
    listening.look(plannedAt, now);
    return new SilenceWatch(policy, expiryMillis).isExpired(run, listening, now);
  }

  /**
   * Looks at a run that is not expired, and plans the next look.
   *
   * @param pageIsOpen whether a CRITICAL alarm of it is open
   * @return that it fell silent, or that a policy takes that back; mostly null
   */
  @Nullable Alarm look(
      Reporting run, RunName name, boolean pageIsOpen, SilencePolicy policy, Occasion occasion)
      throws IOException {
    long now = occasion.now();
    Vigil listening = vigil(now);
    SilenceWatch watch = new SilenceWatch(policy, expiryMillis);
    Alarm alarm = watch.look(run, name.project(), name.runId(), pageIsOpen, listening, now);
    if (alarm != null && alarm.state() == AlarmState.OPEN) {
      silent.inc();
    }
    run.lookAt(0);
    plan(run, watch.nextLook(run, listening, now), occasion.timers());
    state.update(run);
    return alarm;
  }

  /** Counts a run that was idle for too long. */
  void noteExpired() {
    expired.inc();
  }

  /** Forgets the run in whose context this is. */
  void forget() {
    state.clear();
  }
}

package io.gradwatch.core.silence;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.AlarmId;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.SilencePolicy;
import io.gradwatch.core.signal.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says when runs fall silent and when they are back. An alarm is made of the last event heard and
 * of the policy, not of the clock: one that is raised again after a restart is the same, byte for
 * byte.
 */
public final class SilenceWatch {
  /** Longest time that a run's own pace makes a silence. */
  static final long MOST_SCALED_MILLIS = 86_400_000;

  /** Looks within one timeout: the listener notices by them that it stood still. */
  private static final long LOOKS = 4;

  /** Timeouts by which a listener that reads what has piled up tells a silence later at most. */
  private static final long MOST_DELAY = 3;

  /** Time after a break before what was idle for long is given up. */
  private static final long SETTLING_MILLIS = 600_000;

  private final SilencePolicy policy;
  private final long expiryMillis;

  /**
   * Watches under a policy.
   *
   * @param expiryMillis time without an event after which a run is given up, above 0
   */
  public SilenceWatch(SilencePolicy policy, long expiryMillis) {
    if (expiryMillis <= 0) {
      throw new IllegalArgumentException("expiryMillis is " + expiryMillis + ", must be above 0");
    }
    this.policy = policy;
    this.expiryMillis = expiryMillis;
  }

  /** How long the run may be quiet, in milliseconds. */
  long timeoutMillis(Reporting run) {
    double scaled =
        StrictMath.max(policy.intervals() * run.intervalMillis, policy.pauses() * run.pauseMillis);
    return (long)
        StrictMath.max(1000 * policy.timeoutSeconds(), StrictMath.min(scaled, MOST_SCALED_MILLIS));
  }

  /**
   * Hears of a run.
   *
   * @param now the listener's clock
   * @return that it is silent no more; mostly null
   */
  public static @Nullable Alarm hear(Reporting run, RunEvent event, long now) {
    if (!run.hear(event, now) || !run.alarmIsOpen()) {
      return null;
    }
    return run.hasEnded()
        ? resolve(run, event.project(), event.runId(), Resolution.RUN_ENDED, "the run ended")
        : resolve(
            run, event.project(), event.runId(), Resolution.RECOVERED, "the run reports again");
  }

  /**
   * Looks at a run.
   *
   * @param pageIsOpen whether a CRITICAL alarm of the run is open: then this is none
   * @param now the listener's clock
   * @return that it fell silent, or that the policy takes that back; mostly null
   */
  public @Nullable Alarm look(
      Reporting run, String project, String runId, boolean pageIsOpen, Vigil vigil, long now) {
    if (!policy.detector().enabled()) {
      return run.alarmIsOpen()
          ? resolve(run, project, runId, Resolution.RECOVERED, "a policy switched it off")
          : null;
    }
    if (run.hasEnded() || run.alarmIsOpen() || now < silentAt(run, vigil)) {
      return null;
    }
    Severity severity = policy.detector().of(Severity.WARNING);
    run.open(pageIsOpen && severity == Severity.CRITICAL ? Severity.WARNING : severity);
    return record(run, project, runId, AlarmState.OPEN, Resolution.NONE, silent(run));
  }

  private long silentAt(Reporting run, Vigil vigil) {
    long timeout = timeoutMillis(run);
    return Math.max(run.heardAt, vigil.since(run.heardAt, MOST_DELAY * timeout)) + timeout;
  }

  /** Whether the run was idle for so long that it is to be forgotten. */
  public boolean isExpired(Reporting run, Vigil vigil, long now) {
    return now >= expiresAt(run, vigil);
  }

  private long expiresAt(Reporting run, Vigil vigil) {
    return Math.max(
        run.heardAt + expiryMillis, vigil.begun() + Math.min(expiryMillis, SETTLING_MILLIS));
  }

  /** Ends what is open of a run that is given up; null when nothing is. */
  public static @Nullable Alarm giveUp(Reporting run, String project, String runId) {
    return run.alarmIsOpen()
        ? resolve(run, project, runId, Resolution.RUN_ENDED, "the run was given up")
        : null;
  }

  /**
   * When the run has to be looked at again. Nobody tells when a policy takes effect: what only that
   * can change is looked at once in a timeout.
   */
  public long nextLook(Reporting run, Vigil vigil, long now) {
    long expiresAt = expiresAt(run, vigil);
    if (run.hasEnded()) {
      return Math.max(now + 1, expiresAt);
    }
    long timeout = timeoutMillis(run);
    long due =
        !policy.detector().enabled() || run.alarmIsOpen()
            ? now + timeout
            : Math.min(silentAt(run, vigil), now + timeout / LOOKS);
    return Math.max(now + 1, Math.min(due, expiresAt));
  }

  private Told silent(Reporting run) {
    double timeout = timeoutMillis(run) / 1000.0;
    double interval = run.intervalMillis / 1000;
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("timeout_seconds", timeout));
    if (interval > 0) {
      evidence.add(new Evidence("step_interval_seconds", interval));
    }
    evidence.add(new Evidence("longest_pause_seconds", run.pauseMillis / 1000));
    return new Told(
        List.copyOf(evidence),
        actions(run),
        Words.sentence(
            "Nothing was heard of the run for more than %s s since %s (its own clock), when it"
                + " stood at step %d of attempt %d; %s.",
            Words.number(timeout),
            Instant.ofEpochMilli(run.emittedAt),
            run.step,
            run.attempt,
            interval > 0
                ? "it usually reports a step every " + Words.number(interval) + " s"
                : "it has not reported two steps in a row yet"));
  }

  private static List<SuggestedAction> actions(Reporting run) {
    return List.of(
        new SuggestedAction(
            ActionKind.CHECK_HOST,
            Double.NaN,
            "Look whether the job still runs and at its last lines: a host that is down or"
                + " preempted, memory that ran out, a GPU that is lost, ranks that wait for each"
                + " other, a data loader that hangs; or a network that keeps its events back."),
        new SuggestedAction(
            ActionKind.OTHER,
            Double.NaN,
            Words.sentence(
                "If it is gone, start it again from its last checkpoint at or before step %d, as"
                    + " attempt %d.",
                run.step, run.attempt + 1)),
        new SuggestedAction(
            ActionKind.WAIT,
            Double.NaN,
            "If it evaluates or saves for longer than this, let it send heartbeats meanwhile, or"
                + " set detectors.SILENCE.timeout_seconds."));
  }

  private static Alarm resolve(
      Reporting run, String project, String runId, Resolution why, String words) {
    Alarm resolved =
        record(
            run,
            project,
            runId,
            AlarmState.RESOLVED,
            why,
            new Told(
                List.of(),
                List.of(),
                Words.sentence("SILENCE is over at step %d: %s.", run.step, words)));
    run.severity = "";
    return resolved;
  }

  private static Alarm record(
      Reporting run,
      String project,
      String runId,
      AlarmState state,
      Resolution resolution,
      Told told) {
    return new Alarm(
        AlarmId.of(project, runId, run.alarmAttempt, AlarmKind.SILENCE, run.alarmStep),
        run.alarmRevision++,
        project,
        runId,
        run.alarmAttempt,
        AlarmKind.SILENCE,
        Severity.valueOf(run.severity),
        state,
        resolution,
        run.alarmStep,
        run.alarmStep,
        run.step,
        run.emittedAt,
        List.of(),
        told.evidence(),
        List.of(),
        null,
        told.actions(),
        told.summary());
  }

  /** What an alarm says. */
  private record Told(List<Evidence> evidence, List<SuggestedAction> actions, String summary) {}
}

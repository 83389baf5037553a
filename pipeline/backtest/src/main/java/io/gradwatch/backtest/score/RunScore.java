package io.gradwatch.backtest.score;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.score.Response.Verdict;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.traces.RunLabel.Outcome;
import io.gradwatch.traces.RunLabel.Spike;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the alarms of one run are worth.
 *
 * @param truth the run
 * @param watchedSteps steps that count for the rates of false alarms
 * @param falsePages steps of the pages that nobody should have got
 * @param falseWarnings episodes of warnings that nobody should have got
 * @param spikesNoticed spikes with an alarm
 * @param spikesEscalated spikes with a page
 * @param response the answer to what happened; null where none was needed
 */
public record RunScore(
    LabelledRun truth,
    long watchedSteps,
    List<Long> falsePages,
    int falseWarnings,
    Share spikesNoticed,
    Share spikesEscalated,
    @Nullable Response response) {

  /** Alarms nearer than this to the one before are one episode; a spike may echo for as long. */
  static final long EPISODE_STEPS = 64;

  /** Steps after the failure in which a page is still of use. */
  private static final long AFTER_FAILURE = 20;

  /** Steps after the onset that every detector is granted. */
  private static final long AFTER_ONSET = 10;

  /** Steps after a spike in which an alarm still notices it. */
  private static final long AFTER_SPIKE = 5;

  /** From its first step to its last: up to this a spike is a bad batch or three, not a page. */
  private static final long SHORT_SPIKE = 6;

  /** Steps after the onset in which a stall is noticed. */
  private static final long STALL_NOTICE = 300;

  /**
   * Judges one run.
   *
   * @throws IllegalArgumentException when the run is ambiguous
   */
  static RunScore of(LabelledRun run) {
    long onset = run.onset();
    return switch (run.outcome()) {
      case HEALTHY -> score(run, run.steps(), run.steps(), page -> true, null);
      case OVERFIT -> score(run, run.steps(), 0, page -> true, toOverfitting(run));
      case DIVERGED -> score(run, onset, onset, page -> page < onset, toDivergence(run));
      case STALLED -> score(run, run.steps(), onset, page -> page < onset, toStall(run));
      case SPIKED -> score(run, run.steps(), onset, page -> !excused(page, run.spikes()), null);
      case AMBIGUOUS ->
          throw new IllegalArgumentException("run '" + run.run() + "' is ambiguous: not to judge");
    };
  }

  private static RunScore score(
      LabelledRun run,
      long watchedSteps,
      long warningsFalseUntil,
      Predicate<Long> falsePage,
      @Nullable Response response) {
    List<Spike> spikes = run.outcome() == Outcome.SPIKED ? run.spikes() : List.of();
    List<Long> pages = run.pages();
    List<Long> alarms = run.alarms().stream().map(RaisedAlarm::step).toList();
    long until = Math.min(warningsFalseUntil, watchedSteps);
    return new RunScore(
        run,
        watchedSteps,
        pages.stream().filter(falsePage).toList(),
        episodes(run.warnings().stream().filter(step -> step < until).toList()),
        Share.of(spikes, spike -> anyDuring(spike, AFTER_SPIKE, alarms)),
        Share.of(spikes, spike -> anyDuring(spike, EPISODE_STEPS, pages)),
        response);
  }

  private static Response toDivergence(LabelledRun run) {
    long onset = run.onset();
    long deadline = Math.max(run.failure() + AFTER_FAILURE, onset + AFTER_ONSET);
    return run.pages().stream()
        .filter(page -> page >= onset)
        .findFirst()
        .map(page -> new Response(page <= deadline ? Verdict.IN_TIME : Verdict.LATE, page - onset))
        .orElseGet(Response::missed);
  }

  private static Response toStall(LabelledRun run) {
    long onset = run.onset();
    return run.alarms().stream()
        .filter(alarm -> LabelledRun.isStall(alarm.kind()))
        .map(RaisedAlarm::step)
        .filter(step -> step >= onset && step <= onset + STALL_NOTICE)
        .findFirst()
        .map(step -> new Response(Verdict.NOTICED, step - onset))
        .orElseGet(Response::missed);
  }

  private static Response toOverfitting(LabelledRun run) {
    return run.alarms().stream()
        .filter(alarm -> alarm.kind() == AlarmKind.OVERFITTING)
        .findFirst()
        .map(alarm -> new Response(Verdict.NOTICED, alarm.step()))
        .orElseGet(Response::missed);
  }

  private static boolean anyDuring(Spike spike, long after, List<Long> steps) {
    return steps.stream().anyMatch(step -> isDuring(spike, after, step));
  }

  private static boolean isDuring(Spike spike, long after, long step) {
    return spike.firstStep() <= step && step <= spike.lastStep() + after;
  }

  /** A page inside a spike that is long enough for one, or in its echo. */
  private static boolean excused(long page, List<Spike> spikes) {
    return spikes.stream()
        .anyMatch(
            spike ->
                spike.lastStep() - spike.firstStep() > SHORT_SPIKE
                    && isDuring(spike, EPISODE_STEPS, page));
  }

  /** Steps in order, counted as one where the next is near. */
  static int episodes(List<Long> steps) {
    int episodes = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (i == 0 || steps.get(i) - steps.get(i - 1) >= EPISODE_STEPS) {
        episodes++;
      }
    }
    return episodes;
  }
}

package io.gradwatch.backtest.score;

import io.gradwatch.backtest.score.Response.Verdict;
import io.gradwatch.traces.RunLabel.Outcome;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What alarms are worth on labelled runs.
 *
 * <pre>
 * score = 1/3 (divergences paged in time, mean over scenarios)
 *       + 1/3 exp(-false pages per 10,000 steps)
 *       + (1/6 (spikes noticed) + 1/6 (stalls and overfits noticed)) exp(-false warnings per 1,000 steps)
 * </pre>
 *
 * <p>Ambiguous runs count for nothing.
 */
public final class Scorecard {
  /** A fault whose run is lost in so many steps is abrupt. */
  private static final long ABRUPT_STEPS = 3;

  private static final double PER_10K = 1e4;

  private final List<RunScore> runs;

  private Scorecard(List<RunScore> runs) {
    this.runs = runs;
  }

  /** Judges the runs, in their order. */
  public static Scorecard of(Collection<LabelledRun> runs) {
    return new Scorecard(
        runs.stream().filter(run -> run.outcome() != Outcome.AMBIGUOUS).map(RunScore::of).toList());
  }

  /** What each run contributes. */
  public List<RunScore> runs() {
    return runs;
  }

  /** Diverged runs that were paged in time, by scenario in the order of the runs. */
  public Map<String, Share> inTimeByScenario() {
    Map<String, Share> byScenario = new LinkedHashMap<>();
    with(Outcome.DIVERGED)
        .forEach(run -> byScenario.merge(run.truth().scenario(), answered(run), Share::plus));
    return byScenario;
  }

  /** Diverged runs that were paged in time. */
  public Share inTime() {
    return noticed(Outcome.DIVERGED);
  }

  /** Mean over scenarios of the share of diverged runs that were paged in time; 0 without any. */
  public double recall() {
    Map<String, Share> byScenario = inTimeByScenario();
    double sum = 0;
    for (Share share : byScenario.values()) {
      sum += share.fraction();
    }
    return sum / Math.max(1, byScenario.size());
  }

  /** Steps from the page to the failure, over diverged runs that were paged, in ascending order. */
  public StepCounts leads() {
    return new StepCounts(
        paged().mapToLong(run -> run.truth().failure() - run.truth().onset() - steps(run)));
  }

  /** Steps from the onset to the page, over abrupt faults that were paged. */
  public StepCounts abruptDelays() {
    return new StepCounts(
        paged()
            .filter(run -> run.truth().failure() - run.truth().onset() <= ABRUPT_STEPS)
            .mapToLong(Scorecard::steps));
  }

  /** Episodes of pages that nobody should have got. */
  public int falsePages() {
    return sum(run -> RunScore.episodes(run.falsePages()));
  }

  /** Episodes of warnings that nobody should have got. */
  public int falseWarnings() {
    return sum(RunScore::falseWarnings);
  }

  /** Steps that count for the rates of false alarms. */
  public long watchedSteps() {
    return runs.stream().mapToLong(RunScore::watchedSteps).sum();
  }

  public double falsePagesPer10k() {
    return per10k(falsePages());
  }

  public double falseWarningsPer10k() {
    return per10k(falseWarnings());
  }

  public Share spikesNoticed() {
    return runs.stream().map(RunScore::spikesNoticed).reduce(Share.NONE, Share::plus);
  }

  public Share spikesEscalated() {
    return runs.stream().map(RunScore::spikesEscalated).reduce(Share.NONE, Share::plus);
  }

  public Share stallsNoticed() {
    return noticed(Outcome.STALLED);
  }

  public Share overfitsNoticed() {
    return noticed(Outcome.OVERFIT);
  }

  /** From 0 to 1. */
  public double score() {
    double noticed =
        spikesNoticed().fraction() / 6 + stallsNoticed().plus(overfitsNoticed()).fraction() / 6;
    return recall() / 3
        + StrictMath.exp(-falsePagesPer10k()) / 3
        + noticed * StrictMath.exp(-falseWarningsPer10k() / 10);
  }

  private double per10k(int episodes) {
    return episodes / (double) Math.max(1, watchedSteps()) * PER_10K;
  }

  private Stream<RunScore> with(Outcome outcome) {
    return runs.stream().filter(run -> run.truth().outcome() == outcome);
  }

  private Share noticed(Outcome outcome) {
    return with(outcome).map(Scorecard::answered).reduce(Share.NONE, Share::plus);
  }

  private static Share answered(RunScore run) {
    Response response = run.response();
    return new Share(response != null && response.good() ? 1 : 0, 1);
  }

  private Stream<RunScore> paged() {
    return with(Outcome.DIVERGED)
        .filter(run -> run.response() != null && run.response().verdict() != Verdict.MISSED);
  }

  private static long steps(RunScore run) {
    Response response = run.response();
    Long steps = response == null ? null : response.steps();
    if (steps == null) {
      throw new IllegalStateException("run '" + run.truth().run() + "' was not paged");
    }
    return steps;
  }

  private int sum(ToIntFunction<RunScore> count) {
    return runs.stream().mapToInt(count).sum();
  }

  /** Counts of steps in ascending order. */
  public static final class StepCounts {
    private final long[] ascending;

    StepCounts(LongStream counts) {
      this.ascending = counts.sorted().toArray();
    }

    /** The upper median; NaN of none. */
    public double median() {
      return at(ascending.length / 2);
    }

    /** The tenth percentile, as the count at a tenth of their number; NaN of none. */
    public double tenthPercentile() {
      return at(ascending.length / 10);
    }

    private double at(int index) {
      return ascending.length == 0 ? Double.NaN : ascending[index];
    }
  }
}

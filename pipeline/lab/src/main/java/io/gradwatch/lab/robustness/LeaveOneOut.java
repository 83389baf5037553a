package io.gradwatch.lab.robustness;

import io.gradwatch.backtest.score.LabelledRun;
import io.gradwatch.backtest.score.Scorecard;
import java.util.List;
import java.util.TreeSet;

/**
 * Each scenario family left out in turn: a family whose absence lets the score fall carries it, one
 * whose absence lets it rise drags it down.
 *
 * @param all the score of all runs
 * @param families each family, by name
 */
public record LeaveOneOut(Scorecard all, List<Family> families) {

  /**
   * One scenario family.
   *
   * @param others the runs of all other families
   * @param alone its own runs
   */
  public record Family(String name, Scorecard others, Scorecard alone) {}

  /**
   * Judges all runs, the runs of each family, and those of all others; ambiguous ones count for
   * nothing.
   */
  public static LeaveOneOut of(List<LabelledRun> runs) {
    TreeSet<String> names = new TreeSet<>();
    Scorecard.of(runs).runs().forEach(run -> names.add(run.truth().scenario()));
    return new LeaveOneOut(
        Scorecard.of(runs),
        names.stream()
            .map(
                name ->
                    new Family(
                        name,
                        Scorecard.of(
                            runs.stream().filter(run -> !run.scenario().equals(name)).toList()),
                        Scorecard.of(
                            runs.stream().filter(run -> run.scenario().equals(name)).toList())))
            .toList());
  }
}

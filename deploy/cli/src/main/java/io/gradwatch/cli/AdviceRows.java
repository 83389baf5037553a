package io.gradwatch.cli;

import io.gradwatch.agent.Counted;
import io.gradwatch.backtest.FindingsConsumer;
import io.gradwatch.backtest.RunReport;
import io.gradwatch.cli.terminal.FindingsTable;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.clip.AdviceUse;
import io.gradwatch.core.clip.ClipStatistics;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunStatistics;
import org.jspecify.annotations.Nullable;

/**
 * One row a run, after its alarms: how often clip advice was told, and what following it would have
 * done, as the newest statistics have it. A run that was told none has no row.
 */
final class AdviceRows implements FindingsConsumer {
  private final FindingsTable table;
  private int told;
  private @Nullable RunStatistics newest;

  AdviceRows(FindingsTable table) {
    this.table = table;
  }

  @Override
  public void recommendation(Recommendation recommendation) {
    told++;
  }

  @Override
  public void statistics(RunStatistics statistics) {
    newest = statistics;
  }

  @Override
  public void finished(RunReport report) {
    if (newest != null && newest.clip().advised().steps() > 0) {
      table.advice(newest.runId(), newest.step(), "CLIP_ADVICE", sentence(newest.clip()));
    }
    told = 0;
    newest = null;
  }

  private String sentence(ClipStatistics clip) {
    ClipStatistics.Effect advised = clip.advised();
    return Words.sentence(
        "Told %s, last %s: %s %.1f %% of the steps%s%s.",
        Counted.times(told),
        Words.number(clip.advisedThreshold()),
        clip.use() == AdviceUse.FOLLOWED ? "clipped" : "would have clipped",
        100.0 * advised.clipped() / advised.steps(),
        factor(advised),
        applied(clip));
  }

  private static String factor(ClipStatistics.Effect effect) {
    return Double.isNaN(effect.factor())
        ? ""
        : Words.sentence(", recent ones by a factor of %s", Words.number(effect.factor()));
  }

  /** What the trainer's own threshold did, where it told one. */
  private static String applied(ClipStatistics clip) {
    ClipStatistics.Effect applied = clip.applied();
    return clip.use() == AdviceUse.FOLLOWED || applied.steps() == 0
        ? ""
        : Words.sentence(
            "; the trainer's %s clipped %.1f %%",
            Words.number(clip.appliedThreshold()), 100.0 * applied.clipped() / applied.steps());
  }
}

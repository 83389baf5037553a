package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MISSING_RANK: a rank that reported does not any more, while at least as many others go on: it is
 * a hundred of its observations behind the one that is ahead. Steps tell it, no clock does; that
 * nobody reports is for SILENCE to say. Where most ranks stop they were not meant to go on.
 */
public final class MissingRankDetector implements Detector {
  /** Ranks that are named. */
  private static final int NAMED = 8;

  @Override
  public AlarmKind kind() {
    return AlarmKind.MISSING_RANK;
  }

  @Override
  public int cells(int layers) {
    return 0;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    return series.ranks().missing() > 0 ? Severity.WARNING : null;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    RankTable ranks = series.ranks();
    List<Integer> missing = new ArrayList<>();
    long onset = Long.MAX_VALUE;
    for (int slot = 0; slot < ranks.size(); slot++) {
      if (ranks.isMissing(ranks.rank(slot))) {
        missing.add(ranks.rank(slot));
        onset = Math.min(onset, ranks.lastStep(slot));
      }
    }
    if (missing.isEmpty()) {
      return new Condition(series.lastStep(), List.of(), List.of(), List.of(), "");
    }
    int first = missing.get(0);
    String names = missing.stream().limit(NAMED).map(String::valueOf).toList().toString();
    return new Condition(
        onset,
        List.of(
            new Evidence("missing_rank", first),
            new Evidence("missing_ranks", missing.size()),
            new Evidence("ranks", ranks.heard()),
            new Evidence("last_step", onset)),
        List.of(),
        new Remedies(surroundings)
            .add(
                ActionKind.CHECK_HOST,
                first,
                "Check the process and the host of rank "
                    + first
                    + ", and whether its events reach the broker.")
            .list(),
        Words.sentence(
            "Of %d ranks %d stopped reporting while the others go on, the first after step"
                + " %d: %s%s.",
            ranks.heard(),
            missing.size(),
            onset,
            names.substring(1, names.length() - 1),
            missing.size() > NAMED ? " and more" : ""));
  }
}

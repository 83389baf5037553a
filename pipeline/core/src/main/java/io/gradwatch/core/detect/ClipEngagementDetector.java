package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.ClipEngagementPolicy;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CLIP_ENGAGEMENT: clipping is always on, so that the threshold sets the size of every step, or
 * never, so that it protects from nothing. Statistic: exponentially weighted share of the steps
 * whose norm reached the threshold; a norm at the threshold counts, as norms taken after clipping
 * are. Silent until enough steps were seen; skipped updates do not count; a rewind begins anew.
 */
public final class ClipEngagementDetector implements Detector {
  /** Share of the threshold from which on a norm has reached it, for norms that are rounded. */
  private static final double REACHED = 0.999;

  private static final int COUNT = 0;
  private static final int SHARE = 1;
  private static final int THRESHOLD = 2;

  private final ClipEngagementPolicy policy;
  private final double weight;

  public ClipEngagementDetector(ClipEngagementPolicy policy) {
    this.policy = policy;
    this.weight = Trend.weight(policy.halfLifeValues());
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.CLIP_ENGAGEMENT;
  }

  @Override
  public int cells(int layers) {
    return 3;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    double threshold = reading.observation().get(Scalar.CLIP_THRESHOLD);
    double norm = reading.norm();
    if (threshold > 0 && Double.isFinite(norm) && !reading.skipped()) {
      double clipped = norm >= REACHED * threshold ? 1 : 0;
      memory[COUNT]++;
      memory[SHARE] += Math.max(weight, 1 / memory[COUNT]) * (clipped - memory[SHARE]);
      memory[THRESHOLD] = threshold;
    }
    boolean known = memory[COUNT] >= policy.leastValues();
    boolean told = memory[SHARE] >= policy.always() || memory[SHARE] <= policy.never();
    return known && told ? Severity.INFO : null;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    boolean always = memory[SHARE] >= policy.always();
    return new Condition(
        reading.step(),
        List.of(
            new Evidence("clipped_share", memory[SHARE]),
            new Evidence("clip_threshold", memory[THRESHOLD]),
            new Evidence("grad_norm", reading.norm())),
        List.of(),
        new Remedies(surroundings).clip().list(),
        Words.sentence(
            always
                ? "Clipping is always on: %s %% of the last steps reached the threshold of %s."
                : "Clipping is never on: %s %% of the last steps reached the threshold of %s.",
            Words.number(100 * memory[SHARE]),
            Words.number(memory[THRESHOLD])));
  }
}

package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.LargeGradientPolicy;
import io.gradwatch.core.stats.LayerTrends;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PERSISTENT_LARGE_GRADIENT: gradient norms above an absolute bound in every layer, for long.
 * Statistic: the medium level of ln(norm) of each layer, which outliers do not move, for a row of
 * observations. The row begins anew while a trend is not ready, as after a declared change of batch
 * size, and at a rewind.
 */
public final class LargeGradientDetector implements Detector {
  private static final int ROW = 0;
  private static final int STEP = 1;

  private final LargeGradientPolicy policy;
  private final double lnBound;

  public LargeGradientDetector(LargeGradientPolicy policy) {
    this.policy = policy;
    this.lnBound = StrictMath.log(policy.bound());
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.PERSISTENT_LARGE_GRADIENT;
  }

  @Override
  public int cells(int layers) {
    return 2;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (series.layers() == 0 || anyIsSmall(series)) {
      memory[ROW] = 0;
      return null;
    }
    if (memory[ROW]++ == 0) {
      memory[STEP] = reading.step();
    }
    return memory[ROW] >= policy.persistence() ? Severity.INFO : null;
  }

  /** Also where a layer is not known well. */
  private boolean anyIsSmall(RunSeries series) {
    LayerTrends norms = series.layerNorms();
    for (int i = 0; i < norms.size(); i++) {
      if (!norms.ready(i) || norms.medium(i) <= lnBound) {
        return true;
      }
    }
    return false;
  }

  /** Lowest of the medium levels of ln(norm); that of a layer not known well is minus infinity. */
  private static double smallest(RunSeries series) {
    LayerTrends norms = series.layerNorms();
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < norms.size(); i++) {
      smallest = norms.ready(i) ? Math.min(smallest, norms.medium(i)) : Double.NEGATIVE_INFINITY;
      if (smallest == Double.NEGATIVE_INFINITY) {
        return smallest;
      }
    }
    return smallest;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    long onset = (long) memory[STEP];
    double smallest = StrictMath.exp(smallest(series));
    return new Condition(
        onset,
        List.of(new Evidence("grad_norm", reading.norm()), new Evidence("least_layer", smallest)),
        List.of(),
        new Remedies(surroundings).clip().lowerLearningRate().list(),
        Words.sentence(
            "The gradient norm of every layer has been above %s since step %d, the least is %s.",
            Words.number(policy.bound()), onset, Words.number(smallest)));
  }
}

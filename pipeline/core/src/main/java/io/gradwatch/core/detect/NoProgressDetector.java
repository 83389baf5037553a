package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.NoProgressPolicy;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NO_PROGRESS: poor loss from the start. Statistic: the gain, how far the lowest medium level of
 * ln(loss) is below the mean of the first losses, plus twice its standard error, is less than an
 * improvement worth the name; and the loss does not fall now. So a noisy run is judged only once
 * there is enough of it to tell ({@link LossStart}).
 *
 * <p>Assumes that the loss means something by itself, so losses that are not positive (policy
 * gradients) are left alone; so is a run whose first losses were not seen, because it is watched
 * from its middle or logs too coarsely. Silent during the steps allowed, which a learning rate that
 * is reported to rise to new highs (warm-up) begins anew, and after a rewind or a declared change
 * of batch size unless that is as near to the start.
 */
public final class NoProgressDetector implements Detector {
  private final NoProgressPolicy policy;

  public NoProgressDetector(NoProgressPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.NO_PROGRESS;
  }

  @Override
  public int cells(int layers) {
    return 0;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    return LossStart.isIdle(series, policy.withinSteps(), policy.improvement())
        ? Severity.WARNING
        : null;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double start = StrictMath.exp(LossStart.level(series.lossStart()));
    double level = StrictMath.exp(Trend.medium(series.loss(), 0));
    Remedies remedies = new Remedies(surroundings).correctStepSize(reading.observation());
    remedies.add(
        ActionKind.CHECK_INITIALISATION,
        "Check the initialisation: Glorot for tanh and sigmoid, He for ReLU.");
    remedies.add(
        ActionKind.CHECK_DATA,
        "Check that inputs are normalised and labels belong to them: a few batches must be learnt by"
            + " heart.");
    return new Condition(
        0,
        List.of(
            new Evidence("loss", level),
            new Evidence("loss_at_start", start),
            new Evidence("gain_percent", 100 * (1 - StrictMath.exp(-LossStart.gain(series)))),
            new Evidence("update_ratio", UpdateRatio.median(reading.observation())),
            new Evidence("grad_norm", reading.norm())),
        List.of(),
        remedies.list(),
        Words.sentence(
            "Nothing learnt in %d steps: the loss is %s, it was %s at the start.",
            reading.step(), Words.number(level), Words.number(start)));
  }
}

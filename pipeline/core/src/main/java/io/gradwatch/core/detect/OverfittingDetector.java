package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.OverfittingPolicy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OVERFITTING: the evaluation loss parts from the training loss. Statistic: evaluations in a row
 * whose ln(loss) is above the lowest level, that two in a row did not exceed, by a rise and by some
 * spreads (from the differences of neighbouring evaluations since the lowest), while the medium
 * level of the training loss is below what it was at the lowest evaluation. Source: L. Prechelt,
 * "Early Stopping - But When?", 1998 (the generalisation loss, with a row in place of a single
 * excess); of smaller batches as a remedy: N. Keskar et al., "On Large-Batch Training for Deep
 * Learning: Generalization Gap and Sharp Minima", 2017.
 *
 * <p>Assumes a positive evaluation loss; evaluations that report only other metrics, or are not
 * finite, are left alone, and so is one that is reported again. Tells at the step after an
 * evaluation. Needs no warm-up beyond its row. All is forgotten at a rewind; where training losses
 * do not compare any more, as after a declared change of batch size, it waits until they do.
 */
public final class OverfittingDetector implements Detector {
  /** Evaluations since the lowest level, the one that reached it included; 0: none yet. */
  private static final int COUNT = 0;

  private static final int LAST = 1;
  private static final int LAST_STEP = 2;

  /** Standard deviation of evaluations since the lowest level. */
  private static final int SPREAD = 3;

  /** Lowest level that two evaluations in a row did not exceed. */
  private static final int LOWEST = 4;

  /** The better of those two. */
  private static final int BEST = 5;

  private static final int BEST_STEP = 6;

  /** Training loss at the lowest level. */
  private static final int TRAINING = 7;

  /** Evaluations in a row that lay above the lowest level. */
  private static final int ROW = 8;

  /** Values that the trend of the training loss had seen at the newest evaluation. */
  private static final int TRAINED = 9;

  /** Ratio of the standard deviation to the mean absolute difference of neighbours. */
  private static final double SIGMA_PER_DIFFERENCE = 0.8862269254527579;

  /** Share of the rise below which what was told is over. */
  private static final double OVER = 0.5;

  private final OverfittingPolicy policy;

  public OverfittingDetector(OverfittingPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.OVERFITTING;
  }

  @Override
  public int cells(int layers) {
    return 10;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    return memory[ROW] >= policy.persistence() ? Severity.WARNING : null;
  }

  @Override
  public void evaluate(
      long step, RunEvent.EvaluationCompleted evaluation, RunSeries series, double[] memory) {
    Double loss = evaluation.loss();
    double value = loss == null ? Double.NaN : StrictMath.log(loss);
    double training = Trend.medium(series.loss(), 0);
    boolean again = memory[COUNT] > 0 && step <= memory[LAST_STEP];
    if (again || !Double.isFinite(value) || !Double.isFinite(training)) {
      return;
    }
    if (Trend.count(series.loss(), 0) < memory[TRAINED]) {
      memory[TRAINING] = training;
    }
    memory[TRAINED] = Trend.count(series.loss(), 0);
    double level = memory[COUNT] == 0 ? value : Math.max(value, memory[LAST]);
    if (memory[COUNT] <= 1 || level < memory[LOWEST]) {
      boolean better = memory[COUNT] == 0 || value <= memory[LAST];
      memory[BEST] = better ? value : memory[LAST];
      memory[BEST_STEP] = better ? step : memory[LAST_STEP];
      beginAt(level, training, memory);
    } else {
      double sigma = SIGMA_PER_DIFFERENCE * Math.abs(value - memory[LAST]);
      memory[SPREAD] += (sigma - memory[SPREAD]) / (memory[COUNT] - 1);
      memory[ROW] = parts(value, training, memory) ? memory[ROW] + 1 : 0;
    }
    memory[COUNT]++;
    memory[LAST] = value;
    memory[LAST_STEP] = step;
  }

  private static void beginAt(double level, double training, double[] memory) {
    memory[COUNT] = Math.min(memory[COUNT], 1);
    memory[SPREAD] = 0;
    memory[LOWEST] = level;
    memory[TRAINING] = training;
    memory[ROW] = 0;
  }

  private boolean parts(double value, double training, double[] memory) {
    double rise = value - memory[LOWEST];
    if (memory[ROW] >= policy.persistence()) {
      return rise >= OVER * policy.rise();
    }
    return rise >= policy.rise()
        && rise >= policy.spreads() * memory[SPREAD]
        && training < memory[TRAINING];
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    long lowest = (long) memory[BEST_STEP];
    double now = StrictMath.exp(memory[LAST]);
    double best = StrictMath.exp(memory[BEST]);
    double percent = 100 * (now / best - 1);
    Remedies remedies = new Remedies(surroundings);
    remedies.add(
        ActionKind.STOP_EARLY,
        (double) lowest,
        "Stop, and keep the weights of step " + lowest + ", where the evaluation was best.");
    remedies.add(
        ActionKind.REGULARISE,
        "Or regularise: more weight decay (L2) or L1, dropout, augmentation, a smaller network.");
    remedies.halveBatch(series.batchSize(), "small batches generalise better");
    remedies.add(ActionKind.CHECK_DATA, "Check that evaluation and training data are alike.");
    return new Condition(
        lowest,
        List.of(
            new Evidence("eval_loss", now),
            new Evidence("eval_loss_lowest", best),
            new Evidence("eval_rise_percent", percent),
            new Evidence("loss", reading.loss())),
        List.of(),
        remedies.list(),
        Words.sentence(
            "It learns by heart: the evaluation loss is %.0f %% above its lowest (%s at step %d)"
                + " while the training loss still falls.",
            percent, Words.number(best), lowest));
  }
}

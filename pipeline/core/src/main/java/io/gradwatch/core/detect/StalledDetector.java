package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.StalledPolicy;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * STALLED: the loss has stopped moving where it should move. A plateau alone is how every healthy
 * run ends, so there must be a second sign. Either the gradient died: since the medium level of
 * ln(loss) last fell by an improvement worth the name, that of ln(gradient norm) fell a hundred
 * times as much as the loss itself allows, at a loss not even ten times below the start. Or the
 * training collapsed: the loss had improved, is back at what it was at the start ({@link
 * LossStart}) and stays there, as a network that answers the same to everything does. Each must
 * hold for a row of observations.
 *
 * <p>Losses that are not positive are left alone. Silent until the trends are ready and the start
 * is known, also after a declared change of batch size; after a change of the norm's measure its
 * fall is that from the first level it has then. All is forgotten at a rewind.
 */
public final class StalledDetector implements Detector {
  /** Factor in nats below the start from which on a plateau is an end, not a stall: ten. */
  private static final double CONVERGED = StrictMath.log(10);

  /** Improvements that a loss must have gained before its return to the start is a collapse. */
  private static final double GAINED = 5;

  /** 1 once there is a point at which the loss last moved. */
  private static final int KNOWN = 0;

  private static final int MOVED_LOSS = 1;
  private static final int MOVED_NORM = 2;
  private static final int MOVED_STEP = 3;

  /** Observations in a row in which the gradient was dead at a plateau. */
  private static final int DEAD_ROW = 4;

  /** Observations in a row in which the loss was back at its start. */
  private static final int BACK_ROW = 5;

  /** Step of the first of them. */
  private static final int BACK_SINCE = 6;

  private final StalledPolicy policy;

  public StalledDetector(StalledPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.STALLED;
  }

  @Override
  public int cells(int layers) {
    return 7;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (NormMeasure.changedAt(series.measure(), reading.step())) {
      memory[MOVED_NORM] = Double.NaN;
    }
    if (!Trend.ready(series.loss(), 0) || series.lossIsLinear()) {
      memory[KNOWN] = 0;
      memory[DEAD_ROW] = 0;
      memory[BACK_ROW] = 0;
      return null;
    }
    if (Double.isFinite(reading.lossValue())) {
      learn(reading.step(), series, memory);
    }
    return Math.max(memory[DEAD_ROW], memory[BACK_ROW]) >= policy.persistence()
        ? Severity.WARNING
        : null;
  }

  private void learn(long step, RunSeries series, double[] memory) {
    double loss = Trend.medium(series.loss(), 0);
    double norm = Trend.medium(series.norm(), 0);
    double start = LossStart.level(series.lossStart());
    if (memory[KNOWN] == 0 || loss < memory[MOVED_LOSS] - policy.improvement()) {
      memory[KNOWN] = 1;
      memory[MOVED_LOSS] = loss;
      memory[MOVED_NORM] = Trend.slow(series.norm(), 0);
      memory[MOVED_STEP] = step;
    } else if (Double.isNaN(memory[MOVED_NORM]) && Trend.ready(series.norm(), 0)) {
      memory[MOVED_NORM] = Trend.slow(series.norm(), 0);
    }
    boolean dead =
        Trend.ready(series.norm(), 0)
            && norm <= memory[MOVED_NORM] - policy.normFall()
            && loss > start - CONVERGED;
    memory[DEAD_ROW] = dead ? memory[DEAD_ROW] + 1 : 0;
    boolean back =
        LossStart.gain(series) >= GAINED * policy.improvement()
            && Math.abs(loss - start) + LossStart.error(series) < policy.improvement();
    memory[BACK_SINCE] = back && memory[BACK_ROW] > 0 ? memory[BACK_SINCE] : step;
    memory[BACK_ROW] = back ? memory[BACK_ROW] + 1 : 0;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    boolean back = memory[BACK_ROW] >= policy.persistence();
    long onset = (long) memory[back ? BACK_SINCE : MOVED_STEP];
    double level = StrictMath.exp(Trend.medium(series.loss(), 0));
    double start = StrictMath.exp(LossStart.level(series.lossStart()));
    Remedies remedies = new Remedies(surroundings).rollBack(onset);
    remedies.lowerLearningRate();
    remedies.add(
        ActionKind.CHECK_ARCHITECTURE,
        "Look for units that are dead or saturated; normalisation layers or residual connections"
            + " keep them alive.");
    return new Condition(
        onset,
        List.of(
            new Evidence("loss", level),
            new Evidence("loss_at_start", start),
            new Evidence("grad_norm", reading.norm()),
            new Evidence("grad_norm_before", StrictMath.exp(memory[MOVED_NORM])),
            new Evidence("update_ratio", UpdateRatio.median(reading.observation()))),
        List.of(),
        remedies.list(),
        back
            ? Words.sentence(
                "What was learnt is lost: the loss is back at %s, where it started, and stays there"
                    + " since step %d.",
                Words.number(level), onset)
            : Words.sentence(
                "The training stands still at loss %s since step %d: the gradient norm fell from %s"
                    + " to %s.",
                Words.number(level),
                onset,
                Words.number(StrictMath.exp(memory[MOVED_NORM])),
                Words.number(reading.norm())));
  }
}

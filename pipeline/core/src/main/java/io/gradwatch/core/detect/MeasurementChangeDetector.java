package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MEASUREMENT_CHANGE: gradient norms are measured differently since a restart or since the number
 * of ranks changed: they differ by one factor although the loss does not ({@link NormMeasure}). The
 * series hold such norms back and learn their levels anew, so that nothing else is raised. Silent
 * until the trend of the norm is ready. Norms that follow the loss scale are told too and divided
 * by it from then on, until they are found not to follow it any more; a declared change of batch
 * size needs no telling.
 */
public final class MeasurementChangeDetector implements Detector {
  @Override
  public AlarmKind kind() {
    return AlarmKind.MEASUREMENT_CHANGE;
  }

  @Override
  public int cells(int layers) {
    return 0;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    return NormMeasure.changedAt(series.measure(), reading.step()) ? Severity.INFO : null;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    return switch (NormMeasure.cause(series.measure())) {
      case FACTOR -> factor(reading, series, surroundings);
      case SCALED ->
          ofLossScale(
              reading,
              "Declare norm_scaled when the run starts.",
              "Gradient norms are multiplied by the loss scale (%s now), they followed its last"
                  + " changes; they are divided by it from step %d on.",
              surroundings);
      case UNSCALED ->
          ofLossScale(
              reading,
              "Declare when the run starts that norms are not scaled.",
              "Gradient norms are not multiplied by the loss scale any more (%s now); they are not"
                  + " divided by it from step %d on.",
              surroundings);
    };
  }

  private static Condition factor(Reading reading, RunSeries series, Surroundings surroundings) {
    double factor = NormMeasure.factor(series.measure());
    double ranks = NormMeasure.worldFactor(series.measure());
    long onset = NormMeasure.onset(series.measure());
    return new Condition(
        onset,
        List.of(
            new Evidence("grad_norm", reading.norm()),
            new Evidence("norm_factor", factor),
            new Evidence("rank_factor", ranks)),
        List.of(),
        new Remedies(surroundings)
            .add(
                ActionKind.OTHER,
                factor,
                "Check how norms are reduced over ranks; multiply clip thresholds set by hand by "
                    + Words.number(factor)
                    + " if this is meant.")
            .list(),
        Words.sentence(
            "Gradient norms are measured differently since step %d: %s times what they were (%s"
                + " times the ranks) at the same loss; their levels are learnt anew.",
            onset, Words.number(factor), Words.number(ranks)));
  }

  private static Condition ofLossScale(
      Reading reading, String remedy, String sentence, Surroundings surroundings) {
    double scale = reading.observation().get(Scalar.LOSS_SCALE);
    return new Condition(
        reading.step(),
        List.of(new Evidence("grad_norm", reading.norm()), new Evidence("loss_scale", scale)),
        List.of(),
        new Remedies(surroundings).add(ActionKind.OTHER, remedy).list(),
        Words.sentence(sentence, Words.number(scale), reading.step()));
  }
}

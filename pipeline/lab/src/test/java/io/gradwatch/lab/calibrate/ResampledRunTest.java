package io.gradwatch.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent.ClipMode;
import io.gradwatch.core.signal.RunEvent.NormStage;
import io.gradwatch.core.signal.RunEvent.Started;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.recordings.RecordedSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A run whose loss falls slowly under noise, whose norm is the square of its loss, and whose
 * weights wander smoothly.
 */
class ResampledRunTest {
  private static final int STEPS = 1_200;
  private static final Started STARTED =
      new Started(
          "",
          "",
          List.of("layer"),
          1,
          Double.NaN,
          ClipMode.NONE,
          Double.NaN,
          NormStage.PRE_CLIP,
          false,
          Map.of());

  private static List<Observation> steps() {
    Random random = new Random(1);
    List<Observation> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      double loss = Math.exp(1 - 0.0005 * i + 0.05 * random.nextGaussian());
      double weight = 10 + 0.5 * Math.sin(i / 40.0);
      steps.add(
          new Observation()
              .set(Scalar.LOSS, loss)
              .set(Scalar.GRAD_NORM, loss * loss)
              .set(Scalar.LEARNING_RATE, 0.1)
              .setLayers(LayerSeries.WEIGHT_NORM, new float[] {(float) weight}));
    }
    return steps;
  }

  private static QuietRun quiet(List<Observation> steps) throws NotQuietException {
    return new QuietRun(new RecordedSteps("run", STARTED, steps, List.of()));
  }

  private static List<Observation> resampled(long seed, int steps) throws NotQuietException {
    ResampledRun run = new ResampledRun(quiet(steps()), seed, steps, 20);
    List<Observation> all = new ArrayList<>();
    for (Observation next = run.next(); next != null; next = run.next()) {
      all.add(next);
    }
    return all;
  }

  private static double[] losses(List<Observation> steps) {
    return steps.stream().mapToDouble(step -> step.get(Scalar.LOSS)).toArray();
  }

  @Test
  void isAsLongAsAskedAndTheSameForTheSameSeed() throws Exception {
    double[] losses = losses(resampled(7, 5_000));
    assertThat(losses).hasSize(5_000).isEqualTo(losses(resampled(7, 5_000)));
    assertThat(losses).isNotEqualTo(losses(resampled(8, 5_000)));
  }

  @Test
  void takesWholeRows() throws Exception {
    for (Observation step : resampled(7, 5_000)) {
      double loss = step.get(Scalar.LOSS);
      assertThat(step.get(Scalar.GRAD_NORM)).isCloseTo(loss * loss, within(1e-9 * loss));
      assertThat(step.get(Scalar.LEARNING_RATE)).isEqualTo(0.1);
    }
  }

  @Test
  void keepsLevelAndSpread() throws Exception {
    double sum = 0;
    double square = 0;
    List<Observation> all = resampled(7, 20_000);
    for (int i = 0; i < all.size(); i++) {
      double trend = 1 - 0.0005 * (600 + 599.0 * i / (all.size() - 1));
      double residual = Math.log(all.get(i).get(Scalar.LOSS)) - trend;
      sum += residual;
      square += residual * residual;
    }
    // The source's own noise: mean 0 and 0.05, each within its sampling error in 600 rows.
    assertThat(sum / all.size()).isCloseTo(0, within(0.006));
    assertThat(Math.sqrt(square / all.size())).isCloseTo(0.05, within(0.005));
  }

  @Test
  void goesOnWithoutAStepWhereTheSourceIsSmooth() throws Exception {
    double largest = 0;
    List<Observation> all = resampled(7, 5_000);
    for (int i = 1; i < all.size(); i++) {
      largest = Math.max(largest, Math.abs(weight(all.get(i)) - weight(all.get(i - 1))));
    }
    // The source moves by at most 0.5 / 40 a step, between two of its places by 1.
    assertThat(largest).isLessThan(3 * 0.5 / 40);
  }

  private static double weight(Observation step) {
    float[] weights = step.layers(LayerSeries.WEIGHT_NORM);
    return weights == null ? Double.NaN : weights[0];
  }

  @Test
  void raisesNothingOnNoise() throws Exception {
    Calibration calibration = new Calibration(List.of(1.0));
    QuietRun source = quiet(steps());
    calibration.run(source, new ResampledRun(source, 7, 5_000, 200));
    AlarmCounts counts = calibration.counts().get(0);
    assertThat(counts.steps()).isEqualTo(5_000);
    assertThat(counts.total(Severity.CRITICAL)).isZero();
  }

  @Test
  void refusesARunThatIsNotQuiet() {
    assertThatThrownBy(() -> quiet(steps().subList(0, 798)))
        .isInstanceOf(NotQuietException.class)
        .hasMessageContaining("399 quiet steps");
    List<Observation> lost = steps();
    lost.get(900).set(Scalar.LOSS, Double.NaN);
    assertThatThrownBy(() -> quiet(lost)).hasMessage("LOSS is NaN in row 900");
    List<Observation> changed = steps();
    changed.get(900).set(Scalar.LEARNING_RATE, 0.01);
    assertThatThrownBy(() -> quiet(changed)).hasMessageContaining("LEARNING_RATE changes by 0.09");
  }
}

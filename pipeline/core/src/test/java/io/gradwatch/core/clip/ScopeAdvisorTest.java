package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.StateWriter;
import io.gradwatch.core.stats.Trend;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeAdvisorTest {
  private final ScopeAdvisor advisor = new ScopeAdvisor(Policy.defaults().clip());
  private final ScopeAdvice scopes = new ScopeAdvice();
  private final RunSeries series = new RunSeries();
  private final Reading reading = new Reading();
  private final Random random = new Random(17);
  private long step;
  private int toldByThemselves;
  private boolean disturbed;
  private double threshold = Double.NaN;

  /** A step, and what is told by itself after it. */
  private void observe(Observation observation) {
    reading.take(series, step++, observation, false);
    if (advisor.observe(scopes, reading, series, disturbed)) {
      toldByThemselves++;
      tell(threshold);
    }
  }

  private void tell(double global) {
    threshold = global;
    advisor.tell(scopes, series, global, disturbed);
  }

  private void observe(int count, double norm, float... layers) {
    for (int i = 0; i < count; i++) {
      observe(
          new Observation()
              .set(Scalar.GRAD_NORM, norm)
              .setLayers(LayerSeries.GRAD_NORM, layers.clone()));
    }
  }

  private float[] layers() {
    return ScopeAdvisor.layerThresholds(scopes);
  }

  private double value() {
    return ScopeAdvisor.value(scopes);
  }

  @Test
  void saysNothingOfScopesThatWereNotReported() {
    for (int i = 0; i < 200; i++) {
      observe(new Observation().set(Scalar.GRAD_NORM, 1));
      tell(2);
    }
    assertThat(layers()).isEmpty();
    assertThat(value()).isNaN();
    assertThat(toldByThemselves).isZero();
  }

  @Test
  void layersThatAreAlikeShareTheThresholdAlike() {
    observe(1, 4, 2, 2, 2, 2);
    tell(6);
    assertThat(layers()).containsExactly(new float[] {3, 3, 3, 3}, within(1e-5f));
  }

  @Test
  void aHeavyLayerIsClippedByTheSameFactorAsTheOthers() {
    observe(30, 10, 9.9f, 1, 0.01f);
    tell(5);
    assertThat(layers()).containsExactly(new float[] {4.95f, 0.5f, 0.005f}, within(1e-4f));
  }

  @Test
  void aLayerWithoutAGradientHasNoAdviceAndOthersHave() {
    observe(30, 1, 1, 0, Float.NaN, Float.POSITIVE_INFINITY);
    tell(2);
    float[] layers = layers();
    assertThat(layers).hasSize(4);
    assertThat(layers[0]).isCloseTo(2, within(1e-5f));
    assertThat(Arrays.copyOfRange(layers, 1, 4)).containsOnly(Float.NaN);
  }

  @Test
  void aLayerThatBeginsToHaveAGradientIsAdvisedByItself() {
    observe(60, 1, 1, 0);
    tell(2);
    observe(2 * ScopeAdvisor.INTERVAL, 1, 1, 0.5f);
    assertThat(toldByThemselves).isEqualTo(1);
    assertThat(layers()[1]).isCloseTo(1, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-12, 1e-6, 1e4, 1e20})
  void theScaleOfTheGradientsDoesNotMatter(double scale) {
    ScopeAdvisorTest one = new ScopeAdvisorTest();
    ScopeAdvisorTest scaled = new ScopeAdvisorTest();
    one.noisySteps(300, 1);
    scaled.noisySteps(300, scale);
    assertThat(one.layers()).hasSize(3).doesNotContain(Float.NaN);
    for (int i = 0; i < 3; i++) {
      assertThat(scaled.layers()[i] / scale / one.layers()[i]).isCloseTo(1, within(1e-3));
    }
    assertThat(scaled.value() / scale / one.value()).isCloseTo(1, within(1e-3));
  }

  private void noisySteps(int count, double scale) {
    for (int i = 0; i < count; i++) {
      double norm = scale * StrictMath.exp(0.2 * random.nextGaussian());
      observe(
          new Observation()
              .set(Scalar.GRAD_NORM, norm)
              .set(Scalar.GRAD_ABS_MAX, norm / 10)
              .setLayers(
                  LayerSeries.GRAD_NORM,
                  new float[] {(float) norm, (float) norm / 2, (float) norm / 30}));
      if (i % 40 == 0) {
        tell(1.5 * scale);
      }
    }
  }

  @Test
  void noiseIsNotToldByItself() {
    for (int i = 0; i < 3_000; i++) {
      float[] layers = new float[200];
      for (int k = 0; k < layers.length; k++) {
        layers[k] = (float) StrictMath.exp(0.8 * random.nextGaussian());
      }
      observe(new Observation().set(Scalar.GRAD_NORM, 14).setLayers(LayerSeries.GRAD_NORM, layers));
      if (i == 100) {
        tell(20);
      }
    }
    assertThat(toldByThemselves).isLessThanOrEqualTo(2);
  }

  @Test
  void aLayerThatGrowsIsFollowedByBoundedFactors() {
    observe(100, 1, 0.9f, 0.1f);
    tell(2);
    double raise = StrictMath.exp(Policy.defaults().clip().raise());
    float before = layers()[1];
    for (int i = 0; i < 2_000; i++) {
      observe(1, 1, 0.9f, 0.1f * (float) StrictMath.exp(Math.min(1.5, i / 500.0)));
      assertThat(layers()[1] / before).isBetween(0.9f, (float) raise * 1.0001f);
      before = layers()[1];
    }
    assertThat(before).isBetween(0.2f * 2.7f, 0.2f * 4.5f);
    assertThat(toldByThemselves).isBetween(3, 10);
  }

  @Test
  void nothingRisesWhileTheRunIsDisturbedAndAllFallsWithTheThreshold() {
    observe(100, 1, 0.9f, 0.1f);
    tell(2);
    float[] before = layers();
    disturbed = true;
    for (int i = 0; i < 100; i++) {
      float grown = (float) StrictMath.exp(i / 10.0);
      observe(1, grown, 0.9f, 0.1f * grown);
      tell(2);
    }
    assertThat(layers()).containsExactly(before, within(1e-6f));
    tell(1);
    assertThat(layers()[0]).isCloseTo(before[0] / 2, within(1e-5f));
    assertThat(layers()[1]).isCloseTo(before[1] / 2, within(1e-5f));
    assertThat(toldByThemselves).isZero();
  }

  @Test
  void nanAndInfinityMoveNothing() {
    noisySteps(200, 1);
    float[] before = layers();
    double valueBefore = value();
    for (int i = 0; i < 120; i++) {
      observe(
          new Observation()
              .set(Scalar.GRAD_NORM, i % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY)
              .set(Scalar.GRAD_ABS_MAX, Double.NaN)
              .setHistogram(new Log2Histogram(0, new long[] {0, 1}, 0, 5))
              .setLayers(
                  LayerSeries.GRAD_NORM,
                  new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NaN}));
    }
    assertThat(layers()).containsExactly(before);
    assertThat(value()).isEqualTo(valueBefore);
  }

  @Test
  void withoutAHistogramComponentsAreClippedByTheFactorOfTheNorm() {
    for (int i = 0; i < 60; i++) {
      observe(new Observation().set(Scalar.GRAD_NORM, 2).set(Scalar.GRAD_ABS_MAX, 0.5));
      tell(3);
    }
    assertThat(value()).as("0.5 times 3/2").isCloseTo(0.75, within(1e-9));
    for (int i = 0; i < 60; i++) {
      tell(1);
    }
    assertThat(value()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void componentsAreAdvisedFromTheFirstStep() {
    observe(new Observation().set(Scalar.GRAD_NORM, 2).set(Scalar.GRAD_ABS_MAX, 0.5));
    tell(2);
    assertThat(value()).isCloseTo(0.5, within(1e-9));
    ScopeAdvisorTest other = new ScopeAdvisorTest();
    other.observe(
        new Observation()
            .set(Scalar.GRAD_NORM, 8)
            .setHistogram(new Log2Histogram(-3, new long[] {16}, 0, 0)));
    other.tell(8);
    assertThat(other.value()).as("16 alike").isCloseTo(2, within(1e-9));
  }

  @Test
  void withAHistogramTheUsualGradientShrinksToTheThreshold() {
    // 100 components of 2^0.5 and 4 of 2^3.5: squares 200 and 512.
    double norm = StrictMath.sqrt(712);
    Log2Histogram histogram = new Log2Histogram(0, new long[] {100, 0, 0, 4}, 7, 0);
    // At 4 the norm is that of 200 + 4 * 16.
    double wanted = StrictMath.sqrt(264);
    for (int i = 0; i < 300; i++) {
      observe(new Observation().set(Scalar.GRAD_NORM, norm).setHistogram(histogram));
      tell(wanted);
    }
    assertThat(value()).isCloseTo(4, within(1e-3));
  }

  /**
   * Clipping N(0, 1) at v leaves E min(x^2, v^2); the tolerance is that of buckets an octave wide.
   */
  @ParameterizedTest
  @CsvSource({"0.5, 0.185129", "1, 0.516059", "2, 0.920538"})
  void clipsAGaussianGradientWhereItsIntegralSays(double bound, double leftOfSquare) {
    Log2Histogram histogram = new Log2Histogram(-20, gaussian(1_000_000), 0, 0);
    for (int i = 0; i < 300; i++) {
      observe(new Observation().set(Scalar.GRAD_NORM, 1_000).setHistogram(histogram));
      tell(1_000 * StrictMath.sqrt(leftOfSquare));
    }
    assertThat(value()).isCloseTo(bound, within(0.2 * bound));
  }

  private long[] gaussian(int components) {
    long[] counts = new long[24];
    for (int i = 0; i < components; i++) {
      counts[Math.max(0, Math.getExponent(random.nextGaussian()) + 20)]++;
    }
    return counts;
  }

  @Test
  void keepsEightBytesALayer() {
    int few = bytesWith(10);
    assertThat(bytesWith(1_010) - few).isEqualTo(8_000);
  }

  private static int bytesWith(int layers) {
    ScopeAdvisorTest run = new ScopeAdvisorTest();
    float[] norms = new float[layers];
    Arrays.fill(norms, 1);
    run.observe(1, 1, norms);
    run.tell(1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    run.scopes.fields(new StateWriter(new DataOutputStream(bytes)));
    return bytes.size();
  }

  @Test
  void trendsThatBeginAnewKeepWhatWasTold() {
    observe(100, 1, 0.9f, 0.1f);
    tell(2);
    float[] before = layers();
    Arrays.fill(series.layerNorms(), 0);
    Trend.restart(series.norm(), 0);
    tell(2);
    assertThat(layers()).containsExactly(before);
  }
}

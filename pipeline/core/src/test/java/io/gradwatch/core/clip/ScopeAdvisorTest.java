package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import io.gradwatch.core.stats.Trend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeAdvisorTest {
  private ScopeAdvisor advisor = new ScopeAdvisor(Policy.defaults().clip());
  private ScopeAdvice scopes = new ScopeAdvice();
  private final RunSeries series = new RunSeries();
  private final Reading reading = new Reading();
  private final Random random = new Random(17);
  private long step;
  private int toldByThemselves;
  private final List<AdviceReason> reasons = new ArrayList<>();
  private boolean disturbed;
  private double threshold = Double.NaN;

  /** A step, and what is told by itself after it. */
  private void observe(Observation observation) {
    reading.take(series, step++, observation, false);
    AdviceReason reason = advisor.observe(scopes, reading, series, disturbed);
    if (reason != null) {
      reasons.add(reason);
      toldByThemselves++;
      tell(threshold);
    }
  }

  private void tell(double global) {
    threshold = global;
    advisor.tell(scopes, series, global, disturbed);
  }

  private void follow(Settings settings) {
    advisor = new ScopeAdvisor(Policy.of(settings).clip());
  }

  private static Settings rule(ClipRuleKind rule) {
    return Settings.NONE.withClip(rule);
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
  void keepsEightBytesALayerAndSixteenMoreUnderAdaGc() {
    for (ClipRuleKind rule : ClipRuleKind.values()) {
      int bytes = rule == ClipRuleKind.ADAGC ? 24_000 : 8_000;
      assertThat(bytesWith(rule, 1_010) - bytesWith(rule, 10)).as(rule.word()).isEqualTo(bytes);
    }
  }

  private static int bytesWith(ClipRuleKind rule, int layers) {
    ScopeAdvisorTest run = new ScopeAdvisorTest();
    run.follow(rule(rule));
    float[] norms = new float[layers];
    Arrays.fill(norms, 1);
    run.observe(1, 1, norms);
    run.tell(1);
    return run.bytes().length;
  }

  private byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    scopes.fields(new StateWriter(new DataOutputStream(bytes)));
    return bytes.toByteArray();
  }

  private void restart() {
    byte[] bytes = bytes();
    scopes = new ScopeAdvice();
    scopes.fields(new StateReader(new DataInputStream(new ByteArrayInputStream(bytes))));
  }

  @ParameterizedTest
  @EnumSource
  void aRestartAfterEveryStepChangesNothing(ClipRuleKind rule) {
    ScopeAdvisorTest whole = new ScopeAdvisorTest();
    whole.follow(rule(rule));
    follow(rule(rule));
    for (int i = 0; i < 300; i++) {
      whole.noisySteps(1, 1);
      noisySteps(1, 1);
      restart();
    }
    assertThat(bytes()).isEqualTo(whole.bytes());
    assertThat(layers()).hasSize(3).isEqualTo(whole.layers());
  }

  @Test
  void whatThePolicyLeavesOutIsNeitherToldNorRemembered() {
    follow(rule(ClipRuleKind.ADAGC).withClip("layers", 0).withClip("components", 0));
    int before = bytes().length;
    noisySteps(300, 1);
    assertThat(layers()).isEmpty();
    assertThat(value()).isNaN();
    assertThat(reasons).isEmpty();
    assertThat(bytes()).hasSize(before);
  }

  @Test
  void layersAndComponentsAreLeftOutEachByItself() {
    follow(Settings.NONE.withClip("layers", 0));
    noisySteps(100, 1);
    assertThat(layers()).isEmpty();
    assertThat(value()).isPositive();
    ScopeAdvisorTest other = new ScopeAdvisorTest();
    other.follow(Settings.NONE.withClip("components", 0));
    other.noisySteps(100, 1);
    assertThat(other.layers()).hasSize(3).doesNotContain(Float.NaN);
    assertThat(other.value()).isNaN();
  }

  @ParameterizedTest
  @ValueSource(strings = {"layers", "components"})
  void whatIsLeftOutLaterIsWithdrawnAtTheNextStepAndOnceWhateverHappens(String scope) {
    noisySteps(100, 1);
    follow(Settings.NONE.withClip(scope, 0));
    disturbed = true;
    observe(1, 1, 1, 0.5f, 0.03f);
    assertThat(reasons).containsExactly(AdviceReason.RENEWED);
    assertThat(layers()).hasSize(scope.equals("layers") ? 0 : 3);
    assertThat(Double.isNaN(value())).isEqualTo(scope.equals("components"));
    observe(120, 1, 1, 0.5f, 0.03f);
    assertThat(reasons).hasSize(1);
  }

  @Test
  void whatIsAdvisedAgainComesByItself() {
    follow(Settings.NONE.withClip("layers", 0));
    observe(60, 1, 0.9f, 0.1f);
    tell(2);
    follow(Settings.NONE);
    observe(ScopeAdvisor.INTERVAL, 1, 0.9f, 0.1f);
    assertThat(reasons).containsExactly(AdviceReason.BASELINE);
    assertThat(layers()).containsExactly(new float[] {1.8f, 0.2f}, within(1e-5f));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"ADAPTIVE", "ADAGC"})
  void underAPublishedRuleScopesMoveAsFarAsTheThresholdAtOnce(ClipRuleKind rule) {
    follow(rule(rule));
    observe(60, 1, 0.9f, 0.1f);
    observe(new Observation().set(Scalar.GRAD_NORM, 1).set(Scalar.GRAD_ABS_MAX, 0.25));
    for (double global : new double[] {2, 200, 0.02}) {
      tell(global);
      assertThat(layers())
          .containsExactly(
              new float[] {0.9f * (float) global, 0.1f * (float) global},
              within(1e-5f * (float) global));
      assertThat(value()).isCloseTo(0.25 * global, within(1e-6 * global));
    }
  }

  @Test
  void underAPublishedRuleALayerThatGrewIsToldWhole() {
    follow(rule(ClipRuleKind.FIXED));
    observe(100, 1, 0.9f, 0.1f);
    tell(2);
    observe(600, 1, 0.9f, 1);
    tell(2);
    assertThat(layers()[1]).isCloseTo(2, within(1e-2f));
  }

  @Test
  void underAPublishedRuleADisturbanceHoldsOnlyTheRatios() {
    follow(rule(ClipRuleKind.ZCLIP));
    observe(100, 1, 0.9f, 0.1f);
    tell(2);
    disturbed = true;
    observe(100, 5, 0.9f, 4.9f);
    tell(6);
    assertThat(layers()).containsExactly(new float[] {5.4f, 0.6f}, within(1e-4f));
    tell(1);
    assertThat(layers()).containsExactly(new float[] {0.9f, 0.1f}, within(1e-4f));
    assertThat(reasons).isEmpty();
  }

  /** Algorithm 1 of the paper, word by word. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {61, 62, 63})
  void underAdaGcALayerIsClippedByItsOwnMeanAsInThePaper(long seed) {
    follow(rule(ClipRuleKind.ADAGC));
    Random norms = new Random(seed);
    double[] means = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    for (int i = 0; i < 600; i++) {
      float first = 2 * (float) StrictMath.exp(0.5 * norms.nextGaussian());
      float second = (float) StrictMath.exp(0.5 * norms.nextGaussian() - i / 200.0);
      double global = StrictMath.hypot(first, second);
      observe(1, global, first, second);
      tell(1);
      if (i < 99) {
        assertThat(layers()).as("in warm-up the whole gradient is clipped").isEmpty();
      }
      double[] layers = {first, second};
      for (int k = 0; k < 2; k++) {
        means[k] =
            i < 100
                ? Math.min(means[k], layers[k] * Math.min(1 / global, 1))
                : 0.98 * means[k] + 0.02 * layers[k] * Math.min(1.05 * means[k] / layers[k], 1);
        if (i >= 99) {
          float expected = (float) (1.05 * means[k]);
          assertThat(layers()[k]).as("step %s", i).isCloseTo(expected, within(1e-6f * expected));
        }
      }
    }
  }

  @Test
  void underAdaGcADisturbanceFreezesNoLayer() {
    follow(rule(ClipRuleKind.ADAGC));
    observe(200, 1, 0.8f, 0.6f);
    tell(1.05);
    disturbed = true;
    observe(400, 1, 0.8f, 0.3f);
    assertThat(layers()).containsExactly(new float[] {0.84f, 0.315f}, within(0.05f));
    assertThat(reasons).isNotEmpty().containsOnly(AdviceReason.BASELINE);
  }

  @Test
  void underAdaGcWithoutADeadBandEveryLookTellsTheSmallestChange() {
    follow(rule(ClipRuleKind.ADAGC));
    observe(200, 1, 0.8f, 0.6f);
    tell(1.05);
    observe(ScopeAdvisor.INTERVAL, 1, 0.8f, 0.59f);
    assertThat(reasons).isEmpty();
    follow(rule(ClipRuleKind.ADAGC).withClip("dead_band", 0));
    observe(3 * ScopeAdvisor.INTERVAL, 1, 0.8f, 0.59f);
    assertThat(reasons).hasSize(3);
  }

  @Test
  void underAdaGcWhatIsNoNormTeachesALayerNothing() {
    follow(rule(ClipRuleKind.ADAGC));
    observe(200, 1, 0.8f, 0.6f, 0);
    tell(1);
    byte[] before = bytes();
    observe(1, Double.NaN, 0.1f, 0.1f, 0.1f);
    observe(1, Double.POSITIVE_INFINITY, 0.1f, Float.POSITIVE_INFINITY, 0.1f);
    observe(1, 0, 0, 0, 0);
    observe(1, 1, Float.NaN, 0, Float.NaN);
    observe(
        new Observation()
            .set(Scalar.GRAD_NORM, 1)
            .set(Scalar.UPDATE_SKIPPED, 1)
            .setLayers(LayerSeries.GRAD_NORM, new float[] {0.1f, 0.1f, 0.1f}));
    observe(new Observation().set(Scalar.GRAD_NORM, 1));
    assertThat(bytes()).isEqualTo(before);
    assertThat(layers()[2]).isNaN();
  }

  @Test
  void underAdaGcLayersAreTakenWithoutTheLossScale() {
    follow(rule(ClipRuleKind.ADAGC));
    for (int i = 0; i < 200; i++) {
      Observation scaled =
          new Observation()
              .set(Scalar.GRAD_NORM, 1_024)
              .set(Scalar.LOSS_SCALE, 1_024)
              .setLayers(LayerSeries.GRAD_NORM, new float[] {819.2f, 614.4f});
      reading.take(series, step++, scaled, true);
      advisor.observe(scopes, reading, series, false);
    }
    tell(1);
    assertThat(layers()).containsExactly(new float[] {0.84f, 0.63f}, within(1e-5f));
  }

  @Test
  void whileAdaGcWarmsUpWhatLayersWereToldBeforeFollowsTheThreshold() {
    observe(100, 4, 3.2f, 2.4f);
    tell(4);
    follow(rule(ClipRuleKind.ADAGC));
    observe(50, 4, 3.2f, 2.4f);
    tell(1);
    assertThat(layers()).containsExactly(new float[] {0.8f, 0.6f}, within(1e-4f));
    observe(50, 4, 3.2f, 2.4f);
    tell(1);
    assertThat(layers()).containsExactly(new float[] {0.84f, 0.63f}, within(1e-4f));
  }

  @Test
  void adaGcChosenAgainStartsFromNothing() {
    follow(rule(ClipRuleKind.ADAGC));
    observe(200, 1, 0.8f, 0.6f);
    follow(Settings.NONE);
    observe(1, 1, 0.8f, 0.6f);
    follow(rule(ClipRuleKind.ADAGC));
    observe(99, 1, 0.8f, 0.6f);
    tell(1);
    assertThat(layers()).isEmpty();
    observe(1, 1, 0.8f, 0.6f);
    tell(1);
    assertThat(layers()).hasSize(2);
  }

  @Test
  void trendsThatBeginAnewKeepWhatWasTold() {
    observe(100, 1, 0.9f, 0.1f);
    tell(2);
    float[] before = layers();
    series.layerNorms().restart();
    Trend.restart(series.norm(), 0);
    tell(2);
    assertThat(layers()).containsExactly(before);
  }
}

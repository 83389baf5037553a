package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.PublishedClip;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that others published, each against a plain computation of what its paper says. */
class PublishedRulesTest {
  private static final PublishedClip STANDARD = Policy.defaults().clip().published();
  private static final ClipRule AUTOCLIP = PercentileRule.autoClip(STANDARD.autoClip());
  private static final ClipRule QUANTILE = PercentileRule.quantile(STANDARD.quantile());
  private static final ClipRule ZCLIP = new ZClipRule(STANDARD.zClip());
  private static final ClipRule ADAGC = new AdaGcRule(STANDARD.adaGc());

  static final List<ClipRule> ALL =
      List.of(new FixedRule(STANDARD.fixed()), AUTOCLIP, QUANTILE, ZCLIP, ADAGC);
  static final List<ClipRule> SCALE_FREE = List.of(AUTOCLIP, QUANTILE, ZCLIP);

  /** ln of the factor that a histogram's percentile may be off by. */
  private static final double RESOLUTION = StrictMath.log(2) / 32 + 1e-9;

  /** One run under one rule. */
  private static final class Run {
    private final ClipRule rule;
    private final double[] cells;
    private final RunSeries series = new RunSeries();
    private final Reading reading = new Reading();
    private long step;

    Run(ClipRule rule) {
      this.rule = rule;
      this.cells = new double[rule.cells()];
    }

    double norm(double norm) {
      return take(new Observation().set(Scalar.GRAD_NORM, norm));
    }

    double take(Observation observation) {
      reading.take(series, step++, observation, false);
      return rule.wanted(cells, reading, series, false);
    }

    /** The threshold after each norm. */
    double[] norms(double[] norms) {
      return Arrays.stream(norms).map(this::norm).toArray();
    }
  }

  /** Norms that drift, with tails and spikes. */
  private static double[] series(long seed, int count) {
    Random random = new Random(seed);
    double[] norms = new double[count];
    for (int i = 0; i < count; i++) {
      double spike = random.nextInt(50) == 0 ? 3 + random.nextDouble() * 5 : 0;
      norms[i] = StrictMath.exp(-0.0005 * i + 0.4 * random.nextGaussian() + spike);
    }
    return norms;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {41, 42, 43})
  void autoClipIsThePercentileOfAllNormsSoFar(long seed) {
    double[] norms = series(seed, 3_000);
    double[] wanted = new Run(AUTOCLIP).norms(norms);
    for (int i = 0; i < norms.length; i = 1 + i * 3 / 2) {
      double[] sorted = Arrays.copyOf(norms, i + 1);
      Arrays.sort(sorted);
      double exact = sorted[(int) Math.ceil(0.1 * (i + 1)) - 1];
      assertThat(StrictMath.log(wanted[i] / exact)).as("norm %s", i).isCloseTo(0, resolution());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {44, 45, 46})
  void quantileIsAboutThatOfTheLastThousandNorms(long seed) {
    double[] norms = series(seed, 5_000);
    double[] wanted = new Run(QUANTILE).norms(norms);
    for (int i = 999; i < norms.length; i += 500) {
      double[] window = Arrays.copyOfRange(norms, i - 999, i + 1);
      Arrays.sort(window);
      // Both are estimates from a thousand norms that are not the same ones.
      assertThat(StrictMath.log(wanted[i] / window[899])).as("norm %s", i).isBetween(-0.25, 0.25);
    }
  }

  @Test
  void quantileForgetsHalfOfAChangeInAThirdOfItsNorms() {
    Run run = new Run(PercentileRule.quantile(new PublishedClip.Quantile(50, 1_000)));
    for (int i = 0; i < 20_000; i++) {
      run.norm(1);
    }
    for (int i = 0; i < 346; i++) {
      assertThat(run.norm(100)).isCloseTo(1, within(0.03));
    }
    run.norm(100);
    assertThat(run.norm(100)).isCloseTo(100, within(3.0));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {47, 48, 49})
  void zClipIsMeanAndDeviationsOfTheNormsAsZClipClipsThem(long seed) {
    double[] norms = series(seed, 1_000);
    double[] wanted = new Run(ZCLIP).norms(norms);
    double[] first = Arrays.copyOf(norms, 25);
    double mean = Arrays.stream(first).sum() / 25;
    double start = mean;
    double variance = Arrays.stream(first).map(x -> (x - start) * (x - start)).sum() / 25;
    assertThat(Arrays.copyOf(wanted, 24)).containsOnly(Double.NaN);
    assertThat(wanted[24]).isCloseTo(mean + 2.5 * Math.sqrt(variance), relative(wanted[24]));
    for (int i = 25; i < norms.length; i++) {
      double z = (norms[i] - mean) / Math.sqrt(variance);
      double taken = z > 2.5 ? mean + 2.5 * Math.sqrt(variance) / (z / 2.5) : norms[i];
      mean = 0.97 * mean + 0.03 * taken;
      variance = 0.97 * variance + 0.03 * (taken - mean) * (taken - mean);
      assertThat(wanted[i])
          .as("norm %s", i)
          .isCloseTo(mean + 2.5 * Math.sqrt(variance), relative(wanted[i]));
    }
  }

  @Test
  void zClipOfEvenNormsIsTheirMean() {
    Run run = new Run(ZCLIP);
    for (int i = 0; i < 24; i++) {
      assertThat(run.norm(3)).isNaN();
    }
    assertThat(run.norm(3)).isEqualTo(3);
    assertThat(run.norm(1e9)).as("a spike adds nothing where nothing varies").isEqualTo(3);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {50, 51, 52})
  void adaGcIsAFactorAboveTheMeanOfTheNormsAsItClipsThem(long seed) {
    double[] norms = series(seed, 1_000);
    double[] wanted = new Run(ADAGC).norms(norms);
    double mean = Double.POSITIVE_INFINITY;
    for (int i = 0; i < norms.length; i++) {
      if (i < 100) {
        mean = Math.min(mean, Math.min(norms[i], 1));
      } else {
        mean = 0.98 * mean + 0.02 * Math.min(norms[i], 1.05 * mean);
      }
      double expected = i < 99 ? 1 : 1.05 * mean;
      assertThat(wanted[i]).as("norm %s", i).isCloseTo(expected, relative(expected));
    }
  }

  @Test
  void adaGcTakesALayerByItsOwnMeanAndTheWholeOnesWarmUp() {
    PublishedClip.AdaGc settings = new PublishedClip.AdaGc(1.05, 0.98, 1, 2);
    double[] layers = new double[2 * AdaGcRule.CELLS];
    for (int i = 0; i < 2; i++) {
      AdaGcRule.learn(layers, 0, 3, 5, settings);
      AdaGcRule.learn(layers, AdaGcRule.CELLS, 4, 5, settings);
    }
    assertThat(AdaGcRule.threshold(layers, 0, settings)).isCloseTo(1.05 * 0.6, within(1e-12));
    assertThat(AdaGcRule.threshold(layers, AdaGcRule.CELLS, settings))
        .isCloseTo(1.05 * 0.8, within(1e-12));
  }

  @Test
  void fixedIsThereBeforeAnyNormAndNeverMoves() {
    Run run = new Run(new FixedRule(new PublishedClip.Fixed(0.3)));
    assertThat(run.take(new Observation())).isEqualTo(0.3);
    assertThat(run.norms(series(53, 100))).containsOnly(0.3);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void whatIsNoNormChangesNothing(ClipRule rule) {
    double[] norms = series(54, 200);
    Run clean = new Run(rule);
    Run odd = new Run(rule);
    List<UnaryOperator<Observation>> odds =
        List.of(
            o -> o,
            o -> o.set(Scalar.GRAD_NORM, Double.NaN),
            o -> o.set(Scalar.GRAD_NORM, Double.POSITIVE_INFINITY),
            o -> o.set(Scalar.GRAD_NORM, Double.NEGATIVE_INFINITY),
            o -> o.set(Scalar.GRAD_NORM, 0),
            o -> o.set(Scalar.GRAD_NORM, -1),
            o -> o.set(Scalar.GRAD_NORM, Double.MAX_VALUE),
            o -> o.set(Scalar.GRAD_NORM, Double.MIN_VALUE),
            o -> o.set(Scalar.GRAD_NORM, 1e9).set(Scalar.UPDATE_SKIPPED, 1));
    for (int i = 0; i < norms.length; i++) {
      Double before = clean.norm(norms[i]);
      assertThat(odd.norm(norms[i])).isEqualTo(before);
      Observation other = odds.get(i % odds.size()).apply(new Observation());
      assertThat(odd.take(other)).isEqualTo(before);
    }
    assertThat(odd.cells).isEqualTo(clean.cells);
  }

  @ParameterizedTest
  @FieldSource("SCALE_FREE")
  void theScaleOfNormsDoesNotMatter(ClipRule rule) {
    double[] norms = series(55, 500);
    double plain = new Run(rule).norms(norms)[499];
    for (double scale : new double[] {1e-6, 1e-3, 1e4, 1e12}) {
      double[] scaled = new Run(rule).norms(Arrays.stream(norms).map(n -> n * scale).toArray());
      assertThat(StrictMath.log(scaled[499] / scale / plain)).isCloseTo(0, within(2 * RESOLUTION));
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void hugeAndTinyNormsLeaveAThresholdThatCanBeTold(ClipRule rule) {
    Run run = new Run(rule);
    List<Double> told = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      told.add(run.norm(i % 3 == 0 ? 1e150 : i % 3 == 1 ? 1e-150 : 1));
    }
    assertThat(told.subList(200, 400)).allMatch(value -> value > 0 && value < 1e160);
  }

  private static Offset<Double> resolution() {
    return within(RESOLUTION);
  }

  private static Offset<Double> relative(double value) {
    return within(1e-9 * value);
  }
}

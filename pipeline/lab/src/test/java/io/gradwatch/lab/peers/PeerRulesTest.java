package io.gradwatch.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule speaks where its source says, and not one value before. */
class PeerRulesTest {
  /** Relative distance from a threshold, far above rounding. */
  private static final double NEAR = 1e-9;

  private static Observation loss(double loss) {
    return new Observation().set(Scalar.LOSS, loss);
  }

  private static Observation norm(double norm) {
    return new Observation().set(Scalar.GRAD_NORM, norm);
  }

  private static void quiet(PeerRule rule, int steps, IntToDoubleFunction loss) {
    for (int i = 0; i < steps; i++) {
      assertThat(rule.observe(loss(loss.applyAsDouble(i)))).as("step %d", i).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Peer.class)
  void saysNothingOfWhatWasNotReported(Peer peer) {
    PeerRule rule = peer.newRule();
    for (int i = 0; i < 300; i++) {
      assertThat(rule.observe(new Observation())).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void terminatesOnALossThatIsNoNumber(double loss) {
    PeerRule rule = new TerminateOnNan();
    assertThat(rule.observe(loss(Double.MAX_VALUE))).isNull();
    assertThat(rule.observe(loss(loss))).isEqualTo(PeerRule.Verdict.NON_FINITE);
  }

  @Test
  void killsAtTheFifthOutlierInARow() {
    PeerRule rule = new KillLossSpike();
    quiet(rule, KillLossSpike.WINDOW, i -> 1);
    quiet(rule, KillLossSpike.PATIENCE, i -> 3);
    quiet(rule, 1, i -> 1);
    quiet(rule, KillLossSpike.PATIENCE, i -> 3);
    assertThat(rule.observe(loss(3))).isEqualTo(PeerRule.Verdict.LOSS);
  }

  @Test
  void countsAsOutlierWhatReachesTwiceTheMean() {
    PeerRule below = new KillLossSpike();
    PeerRule at = new KillLossSpike();
    quiet(below, KillLossSpike.WINDOW, i -> 1);
    quiet(at, KillLossSpike.WINDOW, i -> 1);
    double mean = 1;
    for (int i = 0; i < KillLossSpike.PATIENCE; i++) {
      quiet(at, 1, step -> 4);
      quiet(below, 1, step -> 4);
      mean += 3.0 / KillLossSpike.WINDOW;
    }
    assertThat(below.observe(loss(2 * mean * (1 - NEAR)))).isNull();
    assertThat(at.observe(loss(2 * mean * (1 + NEAR)))).isEqualTo(PeerRule.Verdict.LOSS);
  }

  @Test
  void killsAtTheSecondFullWindowWhenHalfOfItIsAboveTheFirst() {
    PeerRule rule = new KillLossSpike();
    quiet(rule, KillLossSpike.WINDOW, i -> 1);
    quiet(rule, KillLossSpike.WINDOW - 1, i -> 1.5);
    assertThat(rule.observe(loss(1.5))).isEqualTo(PeerRule.Verdict.LOSS);
  }

  @Test
  void findsTenTimesTheLargestOfTheFirstHundredUnexpectedlyLarge() {
    PeerRule rule = new UnexpectedlyLarge();
    quiet(rule, UnexpectedlyLarge.SAMPLES - 1, i -> i % 2 == 0 ? -1 : 1);
    quiet(rule, 1, i -> 2);
    quiet(rule, 1, i -> 20 * (1 - NEAR));
    quiet(rule, 1, i -> Double.POSITIVE_INFINITY);
    assertThat(rule.observe(loss(20))).isEqualTo(PeerRule.Verdict.LOSS);
    assertThat(rule.observe(loss(-20))).isEqualTo(PeerRule.Verdict.LOSS);
  }

  @Test
  void samplesLossAndNormApart() {
    PeerRule rule = new UnexpectedlyLarge();
    for (int i = 0; i < UnexpectedlyLarge.SAMPLES; i++) {
      assertThat(rule.observe(loss(1).set(Scalar.GRAD_NORM, 0.1))).isNull();
    }
    PeerRule.Verdict verdict = rule.observe(loss(1).set(Scalar.GRAD_NORM, 1));
    assertThat(verdict).isEqualTo(PeerRule.Verdict.GRADIENT);
  }

  @Test
  void skipsAStepAboveSixSigma() {
    // 64 values of -1 and 1: mean 0, variance of the sample 64/63.
    double sigma = Math.sqrt(64.0 / 63);
    PeerRule below = new SkipStep();
    PeerRule above = new SkipStep();
    quiet(below, 64, i -> i % 2 == 0 ? -1 : 1);
    quiet(above, 64, i -> i % 2 == 0 ? -1 : 1);
    assertThat(below.observe(loss(6 * sigma * (1 - NEAR)))).isNull();
    assertThat(above.observe(loss(6 * sigma * (1 + NEAR)))).isEqualTo(PeerRule.Verdict.LOSS);
  }

  @Test
  void skipsNoStepBeforeTheSixtyFourth() {
    PeerRule early = new SkipStep();
    quiet(early, SkipStep.LEAST - 2, i -> i % 2);
    assertThat(early.observe(loss(1e9))).isNull();
    PeerRule inTime = new SkipStep();
    quiet(inTime, SkipStep.LEAST - 1, i -> i % 2);
    assertThat(inTime.observe(loss(1e9))).isEqualTo(PeerRule.Verdict.LOSS);
  }

  @Test
  void clipsAboveTheThresholdOfTheZScoreAndLearnsTheClippedNorm() {
    ZClip rule = new ZClip();
    for (int i = 0; i < ZClip.WARM_UP; i++) {
      assertThat(rule.observe(norm(i == 24 ? 2 : i % 2 == 0 ? 1 : 3))).isNull();
    }
    double mean = 2;
    double variance = 24.0 / 25;
    double huge = 1_000;
    double sigma = Math.sqrt(variance);
    double z = (huge - mean) / (sigma + 1e-6);
    assertThat(rule.observe(norm(huge))).isEqualTo(PeerRule.Verdict.GRADIENT);
    double clipped = mean + 2.5 * sigma * 2.5 / z;
    mean = 0.97 * mean + 0.03 * clipped;
    variance = 0.97 * variance + 0.03 * (clipped - mean) * (clipped - mean);
    double threshold = mean + 2.5 * (Math.sqrt(variance) + 1e-6);
    assertThat(rule.observe(norm(threshold * (1 + NEAR)))).isEqualTo(PeerRule.Verdict.GRADIENT);
  }

  @Test
  void doesNotClipBelowTheThresholdOfTheZScore() {
    ZClip rule = new ZClip();
    for (int i = 0; i < ZClip.WARM_UP; i++) {
      assertThat(rule.observe(norm(i == 24 ? 2 : i % 2 == 0 ? 1 : 3))).isNull();
    }
    double threshold = 2 + 2.5 * (Math.sqrt(24.0 / 25) + 1e-6);
    assertThat(rule.observe(norm(threshold * (1 - NEAR)))).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theForestSeesAJumpAndNotTheNoiseBeforeIt(long seed) {
    Random random = new Random(seed);
    PeerRule rule = new RandomCutForestRule();
    int alarms = 0;
    for (int i = 0; i < 400; i++) {
      double noisy = Math.exp(0.05 * random.nextGaussian());
      alarms += rule.observe(loss(noisy).set(Scalar.GRAD_NORM, noisy)) == null ? 0 : 1;
    }
    assertThat(alarms).as("alarms on noise, seed %d", seed).isLessThanOrEqualTo(4);
    PeerRule.Verdict verdict = rule.observe(loss(20).set(Scalar.GRAD_NORM, 20));
    assertThat(verdict).isNotNull();
    assertThat(verdict.kind()).isEqualTo(AlarmKind.DIVERGENCE);
  }

  @Test
  void theForestTakesASkippedStepForNoneAndALostLossForAnAlarm() {
    PeerRule rule = new RandomCutForestRule();
    assertThat(rule.observe(loss(1).set(Scalar.GRAD_NORM, Double.POSITIVE_INFINITY))).isNull();
    assertThat(rule.observe(loss(Double.NaN).set(Scalar.GRAD_NORM, 1)))
        .isEqualTo(PeerRule.Verdict.NON_FINITE);
  }
}

package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClipEffectTest {
  private final ClipEffect effect = new ClipEffect();

  private void take(int count, double norm, double threshold) {
    for (int i = 0; i < count; i++) {
      effect.take(norm, threshold);
    }
  }

  @Test
  void knowsNothingBeforeAThresholdIsInForce() {
    take(10, 3, Double.NaN);
    assertThat(effect.steps()).isZero();
    assertThat(effect.share()).isNaN();
    assertThat(effect.factor()).isNaN();
  }

  @Test
  void isThePlainMeanWhileStepsAreFew() {
    effect.take(1, 1);
    effect.take(4, 1);
    effect.take(0.5, 1);
    effect.take(9, 1);
    assertThat(effect.steps()).isEqualTo(4);
    assertThat(effect.clipped()).isEqualTo(2);
    assertThat(effect.share()).isCloseTo(0.5, within(1e-12));
    assertThat(effect.factor()).as("geometric mean of 4 and 9").isCloseTo(6, within(1e-9));
  }

  @Test
  void aNormAtTheThresholdIsNotClipped() {
    take(5, 2, 2);
    assertThat(effect.clipped()).isZero();
    assertThat(effect.share()).isZero();
    assertThat(effect.factor()).isNaN();
  }

  @Test
  void halvesTheShareInAHalfLifeAndKeepsTheFactor() {
    take(5_000, 3, 1);
    assertThat(effect.share()).isCloseTo(1, within(1e-9));
    take((int) ClipEffect.HALF_LIFE, 0.5, 1);
    assertThat(effect.share()).isCloseTo(0.5, within(1e-9));
    assertThat(effect.factor()).isCloseTo(3, within(1e-9));
    assertThat(effect.clipped()).isEqualTo(5_000);
  }

  @Test
  void forgetsTheFactorOfWhatWasClippedLongAgo() {
    take(100, 3, 1);
    take(10_000, 0.5, 1);
    assertThat(effect.factor()).isNaN();
    assertThat(effect.share()).isCloseTo(0, within(1e-9));
    take(1, 8, 1);
    assertThat(effect.factor()).isCloseTo(8, within(1e-6));
  }

  @Test
  void countsNormsThatAreNotFiniteApart() {
    take(2, 1, 2);
    take(3, Double.NaN, 2);
    take(1, Double.POSITIVE_INFINITY, 2);
    assertThat(effect.nonfinite()).isEqualTo(4);
    assertThat(effect.steps()).isEqualTo(2);
    assertThat(effect.clipped()).isZero();
    assertThat(effect.share()).isZero();
  }

  @Test
  void isExactAtTheEndsOfWhatADoubleHolds() {
    effect.take(Double.MAX_VALUE, Double.MIN_VALUE);
    assertThat(effect.share()).isEqualTo(1);
    assertThat(effect.factor()).as("e^1454, beyond a double").isEqualTo(Double.POSITIVE_INFINITY);
    take(10_000, 2, 1);
    assertThat(effect.factor()).as("forgotten by then").isCloseTo(2, within(1e-6));
  }
}

package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NaturalLogTest {
  private static final int TRIALS = 2_000_000;

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.0,
        -0.0,
        -1,
        1,
        2,
        0.5,
        0x1p-1074,
        0x1p-1022,
        0x0.fffffffffffffp-1022,
        0x1p1023,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Math.E,
        1.4142135623730951
      })
  void isThatOfStrictMathAtTheEdges(double x) {
    assertSame(x);
    assertSame(Math.nextUp(x));
    assertSame(Math.nextDown(x));
  }

  @Test
  void isThatOfStrictMathWhateverTheBits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TRIALS; i++) {
      assertSame(Double.longBitsToDouble(random.nextLong()));
    }
  }

  @Test
  void isThatOfStrictMathForNormsAndNearOne() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < TRIALS; i++) {
      assertSame((float) (1e3 * random.nextDouble()));
      assertSame(1 + Math.scalb(random.nextDouble() - 0.5, -random.nextInt(45)));
      assertSame(Math.scalb(1 + Math.scalb(random.nextDouble(), -22), random.nextInt(20) - 10));
    }
  }

  @Test
  void ofAFloatIsThatOfTheSameDouble() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < TRIALS; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      assertThat(Double.doubleToLongBits(NaturalLog.of(any)))
          .as("ln(%s)", any)
          .isEqualTo(Double.doubleToLongBits(StrictMath.log(any)));
    }
    for (float edge : new float[] {0, -0f, 1, Float.MIN_NORMAL, Float.MIN_VALUE, Float.MAX_VALUE}) {
      for (float x : new float[] {edge, Math.nextUp(edge), Math.nextDown(edge)}) {
        assertThat(Double.doubleToLongBits(NaturalLog.of(x)))
            .isEqualTo(Double.doubleToLongBits(StrictMath.log(x)));
      }
    }
  }

  private static void assertSame(double x) {
    long expected = Double.doubleToLongBits(StrictMath.log(x));
    if (Double.doubleToLongBits(NaturalLog.of(x)) != expected) {
      assertThat(NaturalLog.of(x)).as("ln(%s)", Double.toHexString(x)).isEqualTo(StrictMath.log(x));
    }
  }
}

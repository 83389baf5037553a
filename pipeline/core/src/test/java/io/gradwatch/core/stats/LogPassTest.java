package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogPassTest {
  private final LogPass pass = new LogPass();

  @Test
  void isTheLogarithmOfEachWhateverTheBits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 5_000; trial++) {
      float[] values = new float[random.nextInt(400)];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.intBitsToFloat(random.nextInt());
      }
      assertSame(values);
    }
  }

  @Test
  void isTheLogarithmOfEachNorm() {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < 5_000; trial++) {
      float[] values = new float[100];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) StrictMath.exp(20 * random.nextDouble() - 10);
      }
      assertSame(values);
    }
  }

  @Test
  void isTheLogarithmWhereTheFormulaChanges() {
    int[] seams = {0, 1, 8, 0x0f, 0x30a3d0, 0x3504df, 0x3504e0, 0x35c290, 0x7ffff0, 0x7fffff};
    for (int exponent = 0; exponent < 256; exponent++) {
      float[] values = new float[5 * seams.length];
      for (int i = 0; i < values.length; i++) {
        int fraction = (seams[i / 5] + i % 5 - 2) & 0x7fffff;
        values[i] = Float.intBitsToFloat((exponent << 23) | fraction);
      }
      assertSame(values);
    }
  }

  @Test
  void anOddNumberLeavesItsNeighboursAlone() {
    for (float odd :
        new float[] {0, -0f, -1, Float.NaN, Float.POSITIVE_INFINITY, 1, Float.MIN_VALUE}) {
      assertSame(new float[] {3, odd, 7});
    }
  }

  private void assertSame(float[] values) {
    double[] logs = new double[values.length + 1];
    pass.of(values, logs);
    for (int i = 0; i < values.length; i++) {
      if (Double.doubleToLongBits(logs[i]) != Double.doubleToLongBits(StrictMath.log(values[i]))) {
        assertThat(logs[i]).as("ln(%s)", values[i]).isEqualTo(StrictMath.log(values[i]));
      }
    }
    assertThat(logs[values.length]).as("behind the last").isZero();
  }
}

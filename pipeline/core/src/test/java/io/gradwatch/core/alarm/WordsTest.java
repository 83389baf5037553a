package io.gradwatch.core.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.IllegalFormatException;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {
  @ParameterizedTest
  @ValueSource(
      doubles = {
        0,
        -0.0,
        1,
        -1,
        9.9995,
        9.99949,
        99995,
        0.99995,
        1.00005,
        1234,
        1234.5,
        9999.5,
        9999.4,
        12345,
        1e4,
        1e-4,
        9.9999e-5,
        0.00099995,
        0.000123456,
        1e100,
        1e-100,
        1.5e-7,
        1e7,
        1e22,
        2.0005,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
      })
  void aNumberIsWrittenAsJavaWritesFourSignificantDigits(double value) {
    assertThat(Words.number(value)).isEqualTo(String.format(Locale.ROOT, "%.4g", value));
  }

  @Test
  void numbersOfAnySizeAreWrittenAsJavaWritesThem() {
    Random random = new Random(6);
    for (int i = 0; i < 200_000; i++) {
      double anyBits = Double.longBitsToDouble(random.nextLong());
      double usual = random.nextGaussian() * Math.exp(8 * random.nextGaussian());
      double few = random.nextInt(200_000) / Math.pow(10, random.nextInt(9));
      for (double value : new double[] {anyBits, usual, few, (float) usual}) {
        assertThat(Words.number(value)).isEqualTo(String.format(Locale.ROOT, "%.4g", value));
      }
    }
  }

  @Test
  void aSentenceHasItsPartsInTheirPlaces() {
    assertThat(Words.sentence("%s of %d is %s %%.", "half", 12L, null))
        .isEqualTo("half of 12 is null %.");
    assertThat(Words.sentence("as it is")).isEqualTo("as it is");
  }

  @Test
  void aSentenceMayAskForAnythingThatJavaWrites() {
    assertThat(Words.sentence("%s: %,d runs, %.0f %%", "all", 12_345, 99.5))
        .isEqualTo("all: 12,345 runs, 100 %");
  }

  @Test
  void aSentenceThatAsksForWhatIsNotThereIsRefused() {
    assertThatExceptionOfType(IllegalFormatException.class)
        .isThrownBy(() -> Words.sentence("%s and %s", 1));
    assertThatExceptionOfType(IllegalFormatException.class)
        .isThrownBy(() -> Words.sentence("100 %"));
    assertThatExceptionOfType(IllegalFormatException.class)
        .isThrownBy(() -> Words.sentence("%d", 1.5));
  }
}

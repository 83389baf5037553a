package io.gradwatch.agent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinuedTest {
  private static final int STEPS = 1_000;

  @Test
  void isTheSeriesItselfToItsEnd() {
    double[] series = falling(0);

    assertThat(Continued.of(series)).startsWith(series).hasSize(Continued.length(STEPS));
  }

  @Test
  void staysAtTheLastLevelInsteadOfClimbingBack() {
    double[] continued = Continued.of(falling(0.05));
    double last =
        IntStream.range(STEPS - 26, STEPS).mapToDouble(i -> continued[i]).average().orElseThrow();

    for (int block = 0; block < 20; block++) {
      int from = STEPS + 500 * block;
      double mean =
          IntStream.range(from, from + 500)
              .mapToDouble(step -> continued[Continued.place(step, STEPS)])
              .average()
              .orElseThrow();
      assertThat(mean).isCloseTo(last, within(0.02 * last));
    }
  }

  @Test
  void keepsTheNoise() {
    double[] continued = Continued.of(falling(0.05));

    double square =
        IntStream.range(STEPS + 50, STEPS + 450)
            .mapToDouble(i -> Math.log(continued[i] / continued[i - 1]))
            .map(x -> x * x)
            .average()
            .orElseThrow();
    assertThat(Math.sqrt(square)).isCloseTo(0.05 * Math.sqrt(2), within(0.01));
  }

  @Test
  void walksWithoutAJump() {
    int before = Continued.place(STEPS, STEPS);
    for (long step = STEPS + 1; step < 10 * STEPS; step++) {
      int place = Continued.place(step, STEPS);
      assertThat(Math.abs(place - before)).isLessThanOrEqualTo(1);
      assertThat(place).isBetween(STEPS, Continued.length(STEPS) - 1);
      before = place;
    }
    assertThat(Continued.place(STEPS, STEPS)).as("next to the end").isEqualTo(1_499);
    assertThat(Continued.place(STEPS - 1, STEPS)).isEqualTo(999);
  }

  /** From 10 to about 1, with noise of that size in its logarithm. */
  private static double[] falling(double noise) {
    Random random = new Random(1);
    return IntStream.range(0, STEPS)
        .mapToDouble(
            i -> 10 * Math.pow(0.1, i / (double) STEPS) * Math.exp(noise * random.nextGaussian()))
        .toArray();
  }
}

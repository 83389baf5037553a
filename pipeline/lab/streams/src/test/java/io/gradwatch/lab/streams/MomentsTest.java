package io.gradwatch.lab.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static double mean(Moments moments, int series) {
    return ByteBuffer.wrap(moments.results()).getFloat(series * 8);
  }

  private static double deviation(Moments moments, int series) {
    return ByteBuffer.wrap(moments.results()).getFloat(series * 8 + 4);
  }

  @Test
  void areThoseOfAllValuesWhileTheyAreFew() {
    Moments moments = Moments.of(null, 2);
    for (int i = 1; i <= Moments.WINDOW; i++) {
      moments.add(0, i);
      moments.add(1, 7);
    }
    assertThat(mean(moments, 0)).isEqualTo(50.5);
    assertThat(deviation(moments, 0))
        .isCloseTo(Math.sqrt((100.0 * 100 - 1) / 12), within(1e-5)); // discrete uniform
    assertThat(mean(moments, 1)).isEqualTo(7);
    assertThat(deviation(moments, 1)).isZero();
  }

  @Test
  void forgetWhatIsLongAgo() {
    Moments moments = Moments.of(null, 1);
    for (int i = 0; i < Moments.WINDOW; i++) {
      moments.add(0, 1_000);
    }
    for (int i = 0; i < 20 * Moments.WINDOW; i++) {
      moments.add(0, i % 2);
    }
    assertThat(mean(moments, 0)).isCloseTo(0.5, within(0.01));
    assertThat(deviation(moments, 0)).isCloseTo(0.5, within(0.05));
  }

  @Test
  void goOnFromWhatWasStored() {
    Moments whole = Moments.of(null, 1);
    Moments stored = Moments.of(null, 1);
    for (int i = 0; i < 150; i++) {
      whole.add(0, i);
      stored = Moments.of(stored.state(), 1);
      stored.add(0, i);
    }
    assertThat(stored.results()).isEqualTo(whole.results());
  }

  @Test
  void beginAnewWhereTheNumberOfSeriesChanged() {
    Moments moments = Moments.of(new byte[24], 2);
    moments.add(1, 5);
    assertThat(mean(moments, 1)).isEqualTo(5);
  }
}

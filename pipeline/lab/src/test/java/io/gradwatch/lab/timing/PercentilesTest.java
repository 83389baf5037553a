package io.gradwatch.lab.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  @Test
  void areValuesThatWereMeasured() {
    Percentiles hundred = Percentiles.of(LongStream.rangeClosed(1, 100).toArray());

    assertThat(hundred.at(0.5)).isEqualTo(50);
    assertThat(hundred.at(0.99)).isEqualTo(99);
    assertThat(hundred.at(0.999)).isEqualTo(100);
    assertThat(hundred.at(1)).isEqualTo(100);
    assertThat(hundred.at(Double.MIN_VALUE)).isEqualTo(1);
    assertThat(hundred.largest()).isEqualTo(100);
    assertThat(hundred.count()).isEqualTo(100);
  }

  @Test
  void doNotHangOnTheOrderNorChangeWhatTheyAreGiven() {
    long[] values = {3, 1, 2};

    assertThat(Percentiles.of(values).at(0.5)).isEqualTo(2);
    assertThat(values).containsExactly(3, 1, 2);
  }

  @Test
  void ofOneValueAreThatValue() {
    assertThat(Percentiles.of(new long[] {7}).at(0.001)).isEqualTo(7);
    assertThat(Percentiles.of(new long[] {7}).at(0.999)).isEqualTo(7);
  }

  @Test
  void refuseNothingAndSharesThatAreNone() {
    assertThatThrownBy(() -> Percentiles.of(new long[0])).hasMessageContaining("0 values");
    Percentiles one = Percentiles.of(new long[] {7});
    assertThatThrownBy(() -> one.at(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> one.at(1.1)).hasMessageContaining("1.1");
    assertThatThrownBy(() -> one.at(Double.NaN)).hasMessageContaining("NaN");
  }
}

package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.lab.throughput.HeatLength.Fixed;
import io.gradwatch.lab.throughput.HeatLength.Lasting;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HeatLengthTest {
  private static final TopicPartition EVENTS = new TopicPartition("events", 0);

  /** Seconds for which the clock runs at a pace. */
  private static double seconds(Stretch stretch, double pace) {
    Track all = new Track("nowhere:1", Map.of(EVENTS, 1_000_000L), 1, "file:///", Map.of(), 0);
    Track track = all.first(stretch);
    return (track.to() - track.from()) / pace;
  }

  @Test
  void givesTheClockItsSecondsAtAnyPace() {
    Lasting length = new Lasting(25, 1_000, 0, 1_000_000);
    for (double pace : new double[] {50, 1_000, 20_000}) {
      assertThat(seconds(length.counted(0.02, pace), pace)).isBetween(25.0, 28.0);
    }
  }

  @Test
  void givesTheClockItsSecondsBehindWhatDoesNotCount() {
    Lasting length = new Lasting(25, 1_000, 300_000, 1_000_000);
    Stretch stretch = length.counted(1, 10_000);
    assertThat(stretch.uncounted()).isEqualTo(300_000);
    assertThat(seconds(stretch, 10_000)).isBetween(25.0, 28.0);
  }

  @Test
  void readsAllThereIsWhereThatIsTooFew() {
    Lasting length = new Lasting(25, 1_000, 300_000, 1_000_000);
    assertThat(length.counted(1, 1e9)).isEqualTo(new Stretch(1_000_000, 300_000));
    assertThat(length.warmUp(0.5)).isEqualTo(new Stretch(500, 0));
    assertThat(new Lasting(25, 1_000, 0, 10).warmUp(1)).isEqualTo(new Stretch(10, 0));
  }

  @Test
  void readsItsShareOfAFixedNumber() {
    assertThat(new Fixed(1_000).warmUp(0.02)).isEqualTo(new Stretch(20, 0));
    assertThat(new Fixed(1_000).counted(0.02, 1e9)).isEqualTo(new Stretch(20, 0));
    assertThat(new Fixed(10).warmUp(0.02)).isEqualTo(new Stretch(1, 0));
  }

  @Test
  void refusesToCountNothing() {
    assertThatThrownBy(() -> new Lasting(25, 1, 900, 1_000)).hasMessageContaining("900 of at most");
    assertThatThrownBy(() -> new Lasting(Double.NaN, 1, 0, 1)).hasMessageContaining("NaN s");
  }
}

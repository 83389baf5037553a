package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.lab.throughput.StreamsEntrant.Mark;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StreamsEntrantTest {
  @Test
  void countsTheProcessorTimeOfBothProcessesBetweenTheMarks() throws Exception {
    Mark from =
        Mark.of(
            "{\"records\":200,\"nanos\":5000000,\"cpu_nanos\":1000,\"compiler_millis\":3}", 10_000);
    Mark to =
        Mark.of(
            "{\"records\":900,\"nanos\":12000000,\"cpu_nanos\":501000,\"compiler_millis\":10}",
            210_000);
    assertThat(from.until(to, 1_000)).isEqualTo(new HeatResult(1_000, 100_000, 1, Double.NaN, 1));
  }

  @Test
  void saysThatItEndedBeforeItsMark() {
    assertThatThrownBy(() -> Mark.of(null, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended before its mark");
    assertThatThrownBy(() -> Mark.of("{\"records\":1}", 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nanos");
  }

  @Test
  void isFoundByItsNameAmongAll() {
    Entrants entrants = new Entrants();
    assertThat(entrants).contains("PASSTHROUGH", "KAFKA_STREAMS_ON_ROCKSDB");
    assertThat(entrants.convert("KAFKA_STREAMS")).isSameAs(StreamsEntrant.KAFKA_STREAMS);
    assertThatThrownBy(() -> entrants.convert("STORM")).hasMessageContaining("KAFKA_STREAMS,");
  }
}

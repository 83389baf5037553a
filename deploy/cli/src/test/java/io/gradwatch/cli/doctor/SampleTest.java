package io.gradwatch.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SampleTest {
  private final Sample.Taker taker = new Sample.Taker(null);

  @Test
  void passesOverTheRemovalOfARun() {
    assertThat(taker.take(removal("calm"))).isEmpty();
  }

  @Test
  void isRefusedWhereARemovalNamesNoRun() {
    assertThat(taker.take(removal(""))).map(Sample::refused).contains(Reason.INVALID_RUN_ID);
  }

  @Test
  void isRefusedWhereARecordOnlyLacksItsValue() {
    Optional<Sample> sample = taker.take(withoutValue("calm"));

    assertThat(sample).map(Sample::refused).contains(Reason.EMPTY);
    assertThat(sample).map(Sample::run).contains("calm");
  }

  private static ConsumerRecord<byte[], byte[]> removal(String run) {
    ConsumerRecord<byte[], byte[]> record = withoutValue(run);
    record.headers().add(RunRemoval.HEADER, new byte[0]);
    return record;
  }

  private static ConsumerRecord<byte[], byte[]> withoutValue(String run) {
    return new ConsumerRecord<>(Topics.events("vision"), 0, 1, run.getBytes(UTF_8), null);
  }
}

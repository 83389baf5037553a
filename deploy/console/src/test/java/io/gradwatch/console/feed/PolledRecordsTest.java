package io.gradwatch.console.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolledRecordsTest {
  private static final List<TopicPartition> PARTITIONS =
      List.of(new TopicPartition("t", 0), new TopicPartition("t", 1), new TopicPartition("t", 2));
  private static final int EACH = 4;

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final PolledRecords records = new PolledRecords(consumer);
  private final List<String> taken = new ArrayList<>();

  @BeforeEach
  void assign() {
    consumer.assign(PARTITIONS);
    for (TopicPartition partition : PARTITIONS) {
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      for (long offset = 0; offset < EACH; offset++) {
        add(partition, offset);
      }
    }
  }

  @Test
  void areAllHandedOver() {
    records.each(poll(), record -> taken.add(place(record)));
    assertThat(taken).hasSize(PARTITIONS.size() * EACH).doesNotHaveDuplicates();
    assertThat(PARTITIONS).allMatch(partition -> consumer.position(partition) == EACH);
  }

  @Test
  void comeAgainWhereTheRegistryIsAway() {
    int before = EACH + 2; // in the middle of the second partition
    assertThatThrownBy(
            () ->
                records.each(
                    poll(),
                    record -> {
                      if (taken.size() == before) {
                        throw new UncheckedIOException(new IOException("away"));
                      }
                      taken.add(place(record));
                    }))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(taken).hasSize(before);

    // The mock forgets what it has handed out.
    for (TopicPartition partition : PARTITIONS) {
      for (long offset = consumer.position(partition); offset < EACH; offset++) {
        add(partition, offset);
      }
    }
    records.each(poll(), record -> taken.add(place(record)));
    assertThat(taken).hasSize(PARTITIONS.size() * EACH).doesNotHaveDuplicates();
  }

  @Test
  void areHeldUntilOneOfTheSamePartitionIsTaken() {
    assertThatThrownBy(() -> records.each(poll(), this::refuseSecondPartition))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(records.isHolding()).isTrue();

    add(PARTITIONS.get(2), 0);
    records.each(poll(), this::refuseSecondPartition);
    assertThat(taken).contains("2:0").noneMatch(place -> place.startsWith("1:"));
    assertThat(records.isHolding()).isTrue();

    add(PARTITIONS.get(1), 0);
    records.each(poll(), record -> taken.add(place(record)));
    assertThat(records.isHolding()).isFalse();
  }

  @Test
  void ofAPartitionThatIsSomebodyElsesNowAreNotHeld() {
    assertThatThrownBy(() -> records.each(poll(), this::refuseSecondPartition))
        .isInstanceOf(UncheckedIOException.class);
    consumer.assign(PARTITIONS.subList(0, 1));
    assertThat(records.isHolding()).isFalse();
  }

  @Test
  void ofWhatKafkaLetGoOfAreNotHeld() {
    assertThatThrownBy(() -> records.each(poll(), this::refuseSecondPartition))
        .isInstanceOf(UncheckedIOException.class);
    consumer.seek(PARTITIONS.get(1), EACH);
    assertThat(records.isHolding()).isFalse();
  }

  private void refuseSecondPartition(ConsumerRecord<byte[], byte[]> record) {
    if (record.partition() == 1) {
      throw new UncheckedIOException(new IOException("away"));
    }
    taken.add(place(record));
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(Duration.ZERO);
  }

  private void add(TopicPartition partition, long offset) {
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(), partition.partition(), offset, new byte[0], new byte[0]));
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    return record.partition() + ":" + record.offset();
  }
}

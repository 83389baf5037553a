package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.records.TrainingEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On our own broker, also where the build asks for containers: it is stopped and started again. */
@Timeout(600)
class BrokerAwayIT {
  private static final int QUEUE = 100;

  @TempDir Path folder;

  @Test
  void keepsWhatTheQueueHoldsAndDropsTheRestUntilTheBrokerIsThere() throws Exception {
    int port = Ports.free();
    EventPublisher publisher = publisher(port);

    LongStream.range(0, 10 * QUEUE).forEach(step -> publisher.publish(Publishing.event("a", step)));

    PublisherStats away = publisher.stats();
    assertThat(away.published()).isZero();
    assertThat(away.accepted() + away.dropped(DropCause.QUEUE_FULL)).isEqualTo(10 * QUEUE);
    assertThat(away.accepted())
        .as("the queue and the one in hand")
        .isBetween((long) QUEUE, QUEUE + 1L);
    try (EmbeddedBroker broker = start(port)) {
      publisher.close(AMPLE);
      assertThat(publisher.stats().published()).isEqualTo(publisher.stats().accepted());
      assertThat(steps(broker))
          .as("those there was room for at first, and the one whose room the one in hand left")
          .hasSize((int) away.accepted())
          .isSorted()
          .startsWith(LongStream.range(0, QUEUE).boxed().toArray(Long[]::new));
    }
  }

  @Test
  void resumesWhenTheBrokerComesBack() throws Exception {
    int port = Ports.free();
    EventPublisher publisher = publisher(port);
    try (EmbeddedBroker broker = start(port)) {
      publisher.publish(Publishing.event("a", 0));
      Await.until("the first event", () -> !steps(broker).isEmpty());
    }
    LongStream.range(1, 50).forEach(step -> publisher.publish(Publishing.event("a", step)));
    try (EmbeddedBroker broker = start(port)) {
      publisher.publish(Publishing.event("a", 50));
      publisher.close(AMPLE);

      assertThat(publisher.stats().failed()).isZero();
      assertThat(publisher.stats().droppedInAll()).isZero();
      assertThat(steps(broker)).isEqualTo(LongStream.rangeClosed(0, 50).boxed().toList());
    }
  }

  private EventPublisher publisher(int port) {
    return StepPublisher.builder()
        .bootstrapServers("127.0.0.1:" + port)
        .queueCapacity(QUEUE)
        .clientProperties(Map.of("reconnect.backoff.max.ms", "200"))
        .buildForAnyRun();
  }

  private EmbeddedBroker start(int port) throws Exception {
    EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withDataFolder(folder).withPort(port));
    broker.createTopics(List.of(new NewTopic(Publishing.TOPIC, 1, (short) 1)));
    return broker;
  }

  private static List<Long> steps(EmbeddedBroker broker) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.bootstrapServers());
    TopicPartition partition = new TopicPartition(Publishing.TOPIC, 0);
    List<Long> steps = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          TrainingEvent event = Publishing.decoded(record.value());
          steps.add(event.getStep());
        }
      }
    }
    return steps;
  }
}

package io.gradwatch.cli;

import io.gradwatch.cli.kafka.DeadLetter;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.TopicReader;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which dead letters a command is about, and where they are. */
final class LetterChoice {
  private static final Duration POLL = Duration.ofMillis(500);

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Option(
      names = "--reason",
      paramLabel = "WORD",
      description = "Letters that were refused for this reason only, such as TRUNCATED.")
  private @Nullable String reason;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Letters of records of this topic only.")
  private @Nullable String topic;

  @Option(names = "--run", paramLabel = "ID", description = "Letters with this key only.")
  private @Nullable String run;

  KafkaAccess kafka() {
    return kafka;
  }

  /** Hands out the letters that are there now and chosen, partition by partition. */
  void forEach(Consumer<DeadLetter> consumer) {
    try (TopicReader reader =
        new TopicReader(kafka.settings(), List.of(Topics.DEAD_LETTERS), true)) {
      Map<TopicPartition, Long> ends = reader.ends();
      while (!reader.hasReached(ends)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          DeadLetter letter = new DeadLetter(record);
          if (record.offset() < ends.getOrDefault(partition, 0L) && isChosen(letter)) {
            consumer.accept(letter);
          }
        }
      }
    }
  }

  private boolean isChosen(DeadLetter letter) {
    return (reason == null || reason.equals(letter.reason()))
        && (topic == null || topic.equals(letter.topic()))
        && (run == null || run.equals(letter.key()));
  }
}

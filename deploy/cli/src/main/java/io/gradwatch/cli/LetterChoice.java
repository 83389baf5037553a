package io.gradwatch.cli;

import io.gradwatch.cli.kafka.DeadLetter;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.TopicReader;
import io.gradwatch.schemas.Topics;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which dead letters a command is about, and where they are. */
final class LetterChoice {
  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Option(
      names = "--reason",
      paramLabel = "WORD",
      converter = ReasonName.class,
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

  /** Hands out all letters that are there now, chosen or not, partition by partition. */
  void forEach(Consumer<DeadLetter> consumer) {
    try (TopicReader reader =
        new TopicReader(kafka.settings(), List.of(Topics.DEAD_LETTERS), true)) {
      reader.readTo(reader.ends(), record -> consumer.accept(new DeadLetter(record)));
    }
  }

  /** True for a letter that --reason, --topic and --run, where given, do not leave out. */
  boolean isChosen(DeadLetter letter) {
    return (reason == null || reason.equals(letter.reason()))
        && (topic == null || topic.equals(letter.topic()))
        && (run == null || run.equals(letter.key()));
  }
}

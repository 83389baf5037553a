package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.Feed;
import io.gradwatch.cli.kafka.FeedLines;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.kafka.TopicReader;
import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch tail}. */
@Command(
    name = "tail",
    description = {
      "Prints what the pipeline publishes, one JSON line a record, as it comes.",
      "Without --from-beginning it starts with what comes next."
    })
final class TailCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);

  @Parameters(
      paramLabel = "FEED",
      description = "alarms, recommendations, statistics, incidents or dead-letters.",
      converter = FeedName.class)
  private @Nullable Feed feed;

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "The project. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(names = "--run", paramLabel = "ID", description = "Records of this run only.")
  private @Nullable String run;

  @Option(names = "--from-beginning", description = "Starts with what is there already.")
  private boolean fromBeginning;

  @Option(names = "--max", paramLabel = "N", description = "Ends after so many records.")
  private long max = Long.MAX_VALUE;

  @Option(names = "--exit-at-end", description = "Ends when what was there at the start is read.")
  private boolean exitAtEnd;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec command = requireNonNull(spec);
    Arguments.project(command.commandLine(), project);
    Arguments.atLeastOne(command.commandLine(), "--max", max);
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Feed feed = requireNonNull(this.feed);
    FeedLines lines = new FeedLines(registry.open(kafka.allowsPlaintext()));
    List<String> topics = List.of(feed.topic(project));
    try (TopicReader reader = new TopicReader(kafka.settings(), topics, fromBeginning)) {
      Map<TopicPartition, Long> ends = reader.ends();
      long left = max;
      while (left > 0 && !(exitAtEnd && reader.hasReached(ends))) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          if (left > 0 && isWanted(record, ends)) {
            left -= print(lines, record, out, err);
          }
        }
        if (out.checkError()) {
          throw new OutputClosedException();
        }
      }
      return ExitCode.OK;
    } catch (UncheckedIOException e) {
      throw RegistryAccess.failure(e);
    } catch (IllegalArgumentException | KafkaException e) {
      throw kafka.failure(e);
    }
  }

  private boolean isWanted(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> ends) {
    if (run != null && !run.equals(Feed.key(record))) {
      return false;
    }
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    return !exitAtEnd || record.offset() < ends.getOrDefault(partition, 0L);
  }

  /** Lines printed: 1, or 0 for a record that cannot be read. */
  private int print(
      FeedLines lines, ConsumerRecord<byte[], byte[]> record, PrintWriter out, PrintWriter err) {
    try {
      out.println(lines.line(requireNonNull(feed), record));
      return 1;
    } catch (RecordFormatException e) {
      err.printf(
          "left out: %s, partition %d, offset %d: %s%n",
          record.topic(), record.partition(), record.offset(), e.getMessage());
      err.flush();
      return 0;
    }
  }
}

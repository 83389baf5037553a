package io.gradwatch.lab.throughput;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.lab.Folders;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker in this process whose topic is full of events, in a folder that goes with it. */
final class Arena implements AutoCloseable {
  private final Path folder;
  private final EmbeddedBroker broker;
  private final Workload workload;
  private final Consumer<String> progress;
  private long bytesPerEvent;

  private Arena(Path folder, EmbeddedBroker broker, Workload workload, Consumer<String> progress) {
    this.folder = folder;
    this.broker = broker;
    this.workload = workload;
    this.progress = progress;
  }

  /**
   * Starts the broker and sends the events.
   *
   * @param progress is told of them and of every heat
   */
  static Arena open(Workload workload, Consumer<String> progress) throws Exception {
    Path folder = Files.createTempDirectory("gradwatch-throughput");
    EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withDataFolder(folder.resolve("kafka")));
    Arena arena = new Arena(folder, broker, workload, progress);
    boolean full = false;
    try {
      arena.fill();
      full = true;
      return arena;
    } finally {
      if (!full) {
        arena.close();
      }
    }
  }

  private void fill() throws Exception {
    broker.createTopics(topics());
    bytesPerEvent = workload.send(broker.bootstrapServers()) / workload.records();
    progress.accept("%,d events, %d bytes each".formatted(workload.records(), bytesPerEvent));
  }

  /** A contest over the events. Once only: heats keep their names. */
  ContestText hold(List<Entrant> entrants, int parallelism, int rounds) throws Exception {
    String checkpoints = folder.resolve("state").toUri().toString();
    Track track = Track.of(broker.bootstrapServers(), parallelism, checkpoints);
    Tally tally = new Contest(entrants, track, progress).hold(rounds);
    return new ContestText(workload, bytesPerEvent, parallelism, entrants, tally);
  }

  @Override
  public void close() throws IOException {
    broker.close();
    Folders.delete(folder);
  }

  static List<NewTopic> topics() {
    Stream<NewTopic> ours =
        Topics.allSpecs(Topics.DEFAULT_PROJECT).stream()
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), (short) 1)
                        .configs(spec.configs()));
    return Stream.concat(ours, Stream.of(new NewTopic(Contestant.COPY, 8, (short) 1))).toList();
  }
}

package io.gradwatch.lab.throughput;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.lab.Folders;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker in this process with a topic of events, in a folder that goes with it. Events are added
 * when a heat first needs them; what a heat has written is deleted before the next.
 */
final class Arena implements AutoCloseable {
  /** What no heat writes. */
  private static final Set<String> KEPT =
      Set.of(Topics.events(Topics.DEFAULT_PROJECT), Topics.POLICIES);

  /** A heat may write some GB: its files go at once. */
  private static final Map<String, String> TIDY = Map.of("log.segment.delete.delay.ms", "500");

  private final Path folder;
  private final EmbeddedBroker broker;
  private final Workload workload;
  private final Consumer<String> progress;
  private int sent;
  private long sentBytes;

  private Arena(Path folder, EmbeddedBroker broker, Workload workload, Consumer<String> progress) {
    this.folder = folder;
    this.broker = broker;
    this.workload = workload;
    this.progress = progress;
  }

  /**
   * Starts the broker.
   *
   * @param workload whose events are read, as many of them as the heats need
   * @param progress is told of every heat
   */
  static Arena open(Workload workload, Consumer<String> progress) throws IOException {
    Path folder = Files.createTempDirectory("gradwatch-throughput");
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            BrokerOptions.temporary().withDataFolder(folder.resolve("kafka")).withSettings(TIDY));
    return new Arena(folder, broker, workload, progress);
  }

  /** A contest over the events. Once only: heats keep their names. */
  ContestText hold(List<Entrant> entrants, int parallelism, HeatLength length, int rounds)
      throws Exception {
    Course course = stretch -> ready(parallelism, stretch);
    Tally tally = new Contest(entrants, course, length, progress).hold(rounds);
    return new ContestText(workload, sentBytes / sent, parallelism, entrants, tally);
  }

  private Track ready(int parallelism, Stretch stretch) throws Exception {
    deleteOutputs();
    broker.createTopics(topics());
    int needed = (int) Math.min(stretch.records(), workload.records());
    if (needed > sent) {
      sentBytes += workload.send(broker.bootstrapServers(), sent, needed);
      sent = needed;
      progress.accept("%,d events, %d bytes each".formatted(sent, sentBytes / sent));
    }
    String checkpoints = folder.resolve("state").toUri().toString();
    return Track.of(broker.bootstrapServers(), parallelism, checkpoints).first(stretch);
  }

  private void deleteOutputs() throws Exception {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      List<String> outputs =
          admin.listTopics().names().get().stream().filter(name -> !KEPT.contains(name)).toList();
      admin.deleteTopics(outputs).all().get();
    }
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

package io.gradwatch.cli.service;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.cli.kafka.TopicPlan;
import io.gradwatch.cli.terminal.Version;
import io.gradwatch.console.Console;
import io.gradwatch.console.ConsoleOptions;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.About;
import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole installation in this process: Kafka's own server, the topics of one project, the job, the
 * console. Everything it keeps is in one folder; started on the same folder again, the broker has
 * its records and the job goes on where its newest snapshot says.
 */
public final class LocalService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalService.class);
  private static final int MOST_CONSOLES = 20;
  private static final Duration DISCOVERY = Duration.ofSeconds(5);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  private final EmbeddedBroker broker;
  private final JobClient job;
  private final Snapshots snapshots;
  private final Console console;
  private boolean closed;

  private LocalService(EmbeddedBroker broker, JobClient job, Snapshots snapshots, Console console) {
    this.broker = broker;
    this.job = job;
    this.snapshots = snapshots;
    this.console = console;
  }

  /**
   * How to run it.
   *
   * @param folder where everything is kept
   * @param port Kafka's port on the loopback interface; 0: any
   * @param project whose topics are made
   * @param parallelism subtasks of the job
   * @param checkpointInterval time between checkpoints of the job
   * @param flink settings of Flink by name; what keeps the state in the folder wins over them
   */
  public record Settings(
      Path folder,
      int port,
      String project,
      int parallelism,
      Duration checkpointInterval,
      Map<String, String> flink) {
    /** Settings. */
    public Settings {
      flink = Map.copyOf(flink);
    }
  }

  /** Starts everything; returns when events can be sent. */
  public static LocalService start(Settings settings) throws Exception {
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            BrokerOptions.temporary()
                .withPort(settings.port())
                .withDataFolder(settings.folder().resolve("kafka")));
    boolean started = false;
    Console console = null;
    try {
      // What an earlier process left behind; the broker's lock tells that it is gone.
      temporary(settings).close();
      createTopics(broker.bootstrapServers(), settings.project());
      Snapshots snapshots = new Snapshots(settings.folder().resolve("job"));
      console = console(broker.bootstrapServers());
      JobOptions options = options(broker.bootstrapServers(), settings);
      JobClient job = GradwatchJob.start(options, flink(settings, snapshots));
      started = true;
      return new LocalService(broker, job, snapshots, console);
    } finally {
      if (!started) {
        if (console != null) {
          console.close();
        }
        broker.close();
      }
    }
  }

  /** Kafka's address. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Where people look. */
  public URI consoleUrl() {
    return console.url();
  }

  /** How to reach this Kafka. */
  public Map<String, Object> clientSettings() {
    return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
  }

  /** Ends when the job does, exceptionally when it failed. */
  public CompletableFuture<?> jobEnd() {
    return job.getJobExecutionResult();
  }

  /** Stops the job with a savepoint, then the broker. Does nothing twice. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    console.close();
    try {
      job.stopWithSavepoint(
              false, snapshots.savepoints().toUri().toString(), SavepointFormatType.CANONICAL)
          .get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("stopped without a savepoint; the last checkpoint stands", e);
    } finally {
      broker.close();
    }
  }

  private static TemporaryFolder temporary(Settings settings) {
    return new TemporaryFolder(settings.folder().resolve("tmp"));
  }

  private static void createTopics(String bootstrapServers, String project) throws Exception {
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      TopicPlan.make(admin, Topics.allSpecs(project)).createMissing(admin);
    }
  }

  /** On the usual port, so that commands find it, on one of the next, else on any. */
  private static Console console(String bootstrapServers) throws IOException {
    int usual = ConsoleOptions.USUAL_PORT;
    try {
      return Console.start(console(bootstrapServers, usual, usual + MOST_CONSOLES - 1));
    } catch (IOException e) {
      LOG.info("ports {} and the {} after it are taken", usual, MOST_CONSOLES - 1, e);
      return Console.start(console(bootstrapServers, 0, 0));
    }
  }

  private static ConsoleOptions console(String bootstrapServers, int port, int lastPort) {
    return new ConsoleOptions(
        AccessOptions.loopback(),
        port,
        lastPort,
        new FeedOptions(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            true,
            null,
            DISCOVERY),
        FleetLimits.standard(),
        InstantSource.system(),
        About.version(Version.number()));
  }

  private static JobOptions options(String bootstrapServers, Settings settings) {
    return JobOptions.of(
        Map.of(
            JobOptions.BOOTSTRAP_SERVERS.name(),
            bootstrapServers,
            JobOptions.DISCOVERY_INTERVAL.name(),
            "5 s",
            JobOptions.CHECKPOINT_INTERVAL.name(),
            settings.checkpointInterval().toMillis() + " ms"));
  }

  private static Configuration flink(Settings settings, Snapshots snapshots) throws IOException {
    Configuration flink = Configuration.fromMap(settings.flink());
    flink.set(CoreOptions.DEFAULT_PARALLELISM, settings.parallelism());
    flink.set(CoreOptions.TMP_DIRS, temporary(settings).folder().toString());
    flink.set(RestOptions.ADDRESS, "127.0.0.1");
    flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    flink.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, snapshots.checkpoints().toUri().toString());
    Optional<Path> newest = snapshots.newest();
    if (newest.isPresent()) {
      LOG.info("the job goes on from {}", newest.get());
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, newest.get().toUri().toString());
      flink.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
    }
    return flink;
  }
}

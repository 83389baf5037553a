package io.gradwatch.cli;

import io.gradwatch.agent.Terminal;
import io.gradwatch.agent.tail.LogSource;
import io.gradwatch.agent.tail.PositionStore;
import io.gradwatch.agent.tail.PublisherSink;
import io.gradwatch.agent.tail.Tail;
import io.gradwatch.agent.tail.TailProgress;
import io.gradwatch.agent.tail.TailSummary;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.producer.Overflow;
import io.gradwatch.schemas.RunIds;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.FieldNames;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the commands of the agent share: where events go, and how logs are followed. */
final class AgentOptions {
  /** Longest that a signal waits for the tail's end; a little more than the tail takes itself. */
  private static final long SHUTDOWN_SECONDS = 12;

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "The project. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description =
          "The run's id; of a folder with several runs what stands before their names. Default: the"
              + " name of the file or folder.")
  private @Nullable String runId;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The attempt at least: a launcher that counts restarts says it here. Steps that go back"
              + " begin the next one by themselves. Default: ${DEFAULT-VALUE}.")
  private int attempt;

  @Option(
      names = "--map",
      paramLabel = "FIELD=NAME",
      split = ",",
      description =
          "What a field is called in the log, such as loss=train/objective,step=it; may be repeated."
              + " Common names are known.")
  private Map<String, String> map = Map.of();

  @Option(
      names = "--once",
      description = "Publishes what is there and ends. Without it the logs are followed.")
  private boolean once;

  @Option(
      names = "--poll",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "Pause between two looks at the logs. Default: ${DEFAULT-VALUE}.")
  private double poll;

  @Option(
      names = "--positions",
      paramLabel = "DIR",
      description =
          "Where it is kept what was published. Default: .gradwatch/positions in the home folder.")
  private Path positions = Path.of(System.getProperty("user.home"), ".gradwatch", "positions");

  /** The run's id, or what stands before those of a folder; null: by the names of files. */
  @Nullable String runId() {
    return runId;
  }

  /**
   * What fields are called in the log.
   *
   * @throws ParameterException when an option cannot be understood
   */
  FieldNames names(CommandLine commandLine) {
    try {
      return FieldNames.common().with(map);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, "--map: " + e.getMessage(), e);
    }
  }

  /** Refuses what cannot be. */
  void check(CommandLine commandLine) {
    Arguments.project(commandLine, project);
    if (attempt < 0) {
      throw new ParameterException(commandLine, "--attempt must be at least 0, not " + attempt);
    }
    if (!(poll >= 0.01 && poll <= 3600)) {
      throw new ParameterException(commandLine, "--poll must be 0.01 to 3600, not " + poll);
    }
    try {
      if (runId != null) {
        RunIds.check(runId);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, "--run-id: " + e.getMessage(), e);
    }
  }

  /**
   * Follows the logs.
   *
   * @param kind of log, a word
   * @param root file or folder they are in
   */
  int follow(String kind, Path root, LogSource logs) throws InterruptedException {
    if (once && !Files.exists(root)) {
      throw new CommandFailedException("there is no " + root);
    }
    kafka.requireEvents(project);
    try (PositionStore store = PositionStore.open(positions.resolve(nameOf(kind, root)))) {
      return follow(logs, store);
    } catch (IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private int follow(LogSource logs, PositionStore store) throws IOException, InterruptedException {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    io.gradwatch.cli.terminal.Terminal terminal = io.gradwatch.cli.terminal.Terminal.detect();
    TailProgress progress =
        new TailProgress(
            err, new Terminal(terminal.err(), terminal.colour(), terminal.columns()), !once);
    Duration interval = Duration.ofMillis(Math.round(poll * 1000));
    Tail tail =
        new Tail(
            logs,
            new PublisherSink(
                kafka.publisher(project, registry).overflow(Overflow.WAIT).buildForAnyRun()),
            store,
            progress,
            interval,
            attempt);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(tail, ended), "gradwatch-agent-end"));
    try {
      TailSummary summary = once ? tail.once() : tail.follow();
      return summary.complete() ? ExitCode.OK : ExitCode.FAILURE;
    } finally {
      ended.countDown();
    }
  }

  /** What is on its way arrives, and the positions are kept, before the process ends. */
  private static void stop(Tail tail, CountDownLatch ended) {
    tail.stop();
    try {
      if (!ended.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        return; // events are published again by the next start
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A file for these logs going to this place: two of either are two stories. */
  private String nameOf(String kind, Path root) {
    Path folder = root.toAbsolutePath().normalize();
    String whole = String.join("\n", kind, folder.toString(), project, kafka.bootstrapServer());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
      return kind + "-" + HexFormat.of().formatHex(digest, 0, 8) + ".json";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}

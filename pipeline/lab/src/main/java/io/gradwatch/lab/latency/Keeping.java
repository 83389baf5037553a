package io.gradwatch.lab.latency;

import io.gradwatch.lab.Folders;
import io.gradwatch.lab.timing.Schedule;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * A job that takes up many runs, saves them, and starts again from what it saved.
 *
 * @param count runs, none of which ends
 * @param layers of each
 * @param backend where Flink keeps the state: hashmap or rocksdb
 */
record Keeping(int count, int layers, String backend) {
  /** So that every series is past its first steps. */
  private static final int STEPS = 24;

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final double AT_ONCE = 1e8;

  /**
   * What it took.
   *
   * @param bytes of a savepoint in Flink's native format, which a full checkpoint writes as well
   * @param saveMillis from asking for it to its completion, without other work
   * @param emptyStartMillis from starting the job without state to its first alarm
   * @param restoreMillis the same from the savepoint
   */
  record Result(long bytes, long saveMillis, long emptyStartMillis, long restoreMillis) {}

  Result run() throws Exception {
    ShortRuns runs = new ShortRuns(count, STEPS, layers);
    Map<String, String> settings = new HashMap<>();
    settings.put(StateBackendOptions.STATE_BACKEND.key(), backend);
    Path saved = Files.createTempDirectory("gradwatch-savepoint");
    try (Site site = new Site()) {
      Generator generator = new Generator(runs, site.bootstrapServers());
      long probe = count; // a run of the generation that never begins
      long started = System.currentTimeMillis();
      generator.sendOnly(probes(runs, probe));
      JobClient job = site.start(Questioned.FULL, 1, settings);
      final long empty = answered(site, probe) - started;
      // All but the last round: no run ends.
      generator.send(0, (long) count * (STEPS - 1), new Schedule(System.nanoTime(), AT_ONCE));
      awaitAlarms(site);

      long asked = System.nanoTime();
      String path =
          job.triggerSavepoint(saved.toUri().toString(), SavepointFormatType.NATIVE)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      final long save = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
      final long bytes = bytes(saved);
      job.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      settings.put(StateRecoveryOptions.SAVEPOINT_PATH.key(), path);
      generator.sendOnly(probes(runs, probe + 1));
      started = System.currentTimeMillis();
      JobClient again = site.start(Questioned.FULL, 1, settings);
      long restore = answered(site, probe + 1) - started;
      again.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return new Result(bytes, save, empty, restore);
    } finally {
      Folders.delete(saved);
    }
  }

  private static List<ShortRuns.Turn> probes(ShortRuns runs, long run) {
    int step = runs.raisingStep(run);
    return List.of(new ShortRuns.Turn(run, step - 1, false), new ShortRuns.Turn(run, step, true));
  }

  /** When the broker took the run's alarm. */
  private static long answered(Site site, long run) {
    long[] at = {-1};
    site.read(
        Topics.alarms(Topics.DEFAULT_PROJECT),
        SILENCE,
        record -> {
          if (Questioned.run(record).equals(ShortRuns.name(run))
              && Questioned.FULL.isAnswer(record)) {
            at[0] = record.timestamp();
          }
        },
        () -> at[0] >= 0);
    if (at[0] < 0) {
      throw new IllegalStateException("no alarm of " + ShortRuns.name(run) + " has come");
    }
    return at[0];
  }

  private void awaitAlarms(Site site) {
    Answers answers = new Answers();
    for (int run = 0; run < count; run++) {
      answers.asked(ShortRuns.name(run), 0);
    }
    site.read(
        Topics.alarms(Topics.DEFAULT_PROJECT),
        SILENCE,
        record -> {
          if (Questioned.FULL.isAnswer(record)) {
            answers.answered(Questioned.run(record), record.timestamp());
          }
        },
        () -> answers.answeredSince(0) == count);
    if (answers.answeredSince(0) < count) {
      throw new IllegalStateException(
          "%d of %d runs have raised their alarm".formatted(answers.answeredSince(0), count));
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}

package io.gradwatch.lab.latency;

import io.gradwatch.lab.Folders;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.lab.timing.Percentiles;
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
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * A job that takes up many runs, saves them, starts again from what it saved, makes checkpoints
 * while they go on, and loses its TaskManager.
 *
 * @param count runs, none of which ends
 * @param layers of each
 * @param reported of each layer
 * @param perSecond events a second while checkpoints are made
 * @param checkpoints to be completed meanwhile
 * @param settings of Flink, which win
 */
record Keeping(
    int count,
    int layers,
    Reported reported,
    double perSecond,
    int checkpoints,
    Map<String, String> settings) {
  /** So that every series is past its first steps. */
  private static final int STEPS = 23;

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /**
   * What it took.
   *
   * @param bytes of a savepoint in Flink's native format, which a full checkpoint writes as well
   * @param saveMillis from asking for it to its completion, without other work
   * @param emptyStartMillis from starting the job without state to its first alarm
   * @param restoreMillis the same from the savepoint
   * @param checkpointMillis of checkpoints while events come, from trigger to completion
   * @param checkpointBytes written for each
   * @param recoveryMillis from the loss of the TaskManager, another being there, to the next alarm
   */
  record Result(
      long bytes,
      long saveMillis,
      long emptyStartMillis,
      long restoreMillis,
      Percentiles checkpointMillis,
      Percentiles checkpointBytes,
      long recoveryMillis) {}

  Result run(String backend) throws Exception {
    ShortRuns runs = ShortRuns.endless(count, STEPS, layers, reported);
    Path saved = Files.createTempDirectory("gradwatch-savepoint");
    try (FlinkCluster cluster = new FlinkCluster(1);
        Site site = new Site()) {
      Map<String, String> flink = new HashMap<>();
      flink.put(StateBackendOptions.STATE_BACKEND.key(), backend);
      // Flink's own, as deployed; other measurements end where the job fails.
      flink.put(RestartStrategyOptions.RESTART_STRATEGY.key(), "exponential-delay");
      flink.putAll(settings);
      Generator generator = new Generator(runs, site.bootstrapServers());
      long probe = count; // a run beside those that go on, and two more after it
      long started = System.currentTimeMillis();
      generator.sendOnly(probes(runs, probe));
      JobClient job = site.start(Questioned.FULL, 1, flink);
      final long empty = answered(site, probe) - started;
      long sent = (long) count * STEPS;
      generator.send(0, sent, new Schedule(System.nanoTime(), Generator.AT_ONCE));
      awaitAlarms(site);

      long asked = System.nanoTime();
      String path =
          job.triggerSavepoint(saved.toUri().toString(), SavepointFormatType.NATIVE)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      final long save = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
      final long bytes = bytes(saved);
      site.end(job);

      flink.put(StateRecoveryOptions.SAVEPOINT_PATH.key(), path);
      generator.sendOnly(probes(runs, probe + 1));
      started = System.currentTimeMillis();
      job = site.start(Questioned.FULL, 1, flink);
      final long restore = answered(site, probe + 1) - started;

      List<FlinkCluster.Checkpoint> made = makeCheckpoints(cluster, job, generator, sent);

      cluster.startSpareTaskManager();
      final long lost = System.currentTimeMillis();
      cluster.loseTaskManager();
      generator.sendOnly(probes(runs, probe + 2));
      final long recovery = answered(site, probe + 2) - lost;
      site.end(job);
      return new Result(
          bytes,
          save,
          empty,
          restore,
          Percentiles.of(made.stream().mapToLong(FlinkCluster.Checkpoint::millis).toArray()),
          Percentiles.of(made.stream().mapToLong(FlinkCluster.Checkpoint::bytes).toArray()),
          recovery);
    } finally {
      Folders.delete(saved);
    }
  }

  /** Sends second by second until there are enough of them. */
  private List<FlinkCluster.Checkpoint> makeCheckpoints(
      FlinkCluster cluster, JobClient job, Generator generator, long first) throws Exception {
    long from = System.currentTimeMillis();
    long perSlice = (long) Math.ceil(perSecond);
    Schedule schedule = new Schedule(System.nanoTime(), perSecond);
    long sent = 0;
    List<FlinkCluster.Checkpoint> made = List.of();
    while (made.size() < checkpoints) {
      if (System.currentTimeMillis() - from > PATIENCE.toMillis()) {
        throw new IllegalStateException(
            "%d of %d checkpoints were completed in %s"
                .formatted(made.size(), checkpoints, PATIENCE));
      }
      generator.send(first + sent, perSlice, new Schedule(schedule.due(sent), perSecond));
      sent += perSlice;
      made = cluster.checkpointsSince(job.getJobID(), from);
    }
    return made;
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

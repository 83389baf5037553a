package io.gradwatch.jobs.faults;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.Outputs;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.IsolationLevel;

/** One schedule on a cluster of its own, and what came of it. */
final class Trial {
  private final Schedule schedule;
  private final Workload workload;
  private final Path folder;

  /**
   * A trial.
   *
   * @param folder for data and logs; nothing may be there
   */
  Trial(Schedule schedule, Workload workload, Path folder) {
    this.schedule = schedule;
    this.workload = workload;
    this.folder = folder;
  }

  /**
   * A fault and what it cost.
   *
   * @param recovery none where the next fault did not wait for it
   */
  record Injected(Fault fault, List<Recovery> recovery) {}

  /**
   * What came of a trial.
   *
   * @param violations what the checker found
   * @param endedByThemselves processes that ended without being killed
   * @param givenUp how often Flink gave the job up, which was started again from its checkpoint
   */
  record Result(
      Schedule schedule,
      List<Injected> faults,
      List<String> violations,
      List<String> endedByThemselves,
      int givenUp,
      Duration took) {}

  /**
   * Runs it.
   *
   * @throws IllegalStateException when the cluster or the job does not do what it has to, or not in
   *     time; says where the logs are
   */
  Result run() {
    Instant start = Instant.now();
    try (Cluster cluster = Cluster.start(folder, schedule.scheduler(), schedule.backend())) {
      try {
        createTopics(cluster.broker());
        DeployedJob job = new DeployedJob(cluster, JobJar.OF_THIS_BUILD, schedule.parallelism());
        List<Injected> faults = injectAll(cluster, job);
        awaitStatistics(cluster);
        job.stop();
        return new Result(
            schedule,
            faults,
            violations(cluster.broker()),
            cluster.endedByThemselves(),
            job.givenUp(),
            Duration.between(start, Instant.now()));
      } catch (RuntimeException e) {
        throw new IllegalStateException(
            "%s%nfailed: %s%nlogs and data in %s; the JobManager's last refusal: %s"
                .formatted(
                    schedule,
                    e.getMessage(),
                    folder.toAbsolutePath(),
                    cluster.rest().lastRefusal()),
            e);
      }
    }
  }

  private static void createTopics(KafkaCluster kafka) {
    kafka.createTopics(
        Topics.allSpecs(Topics.DEFAULT_PROJECT).stream()
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), (short) 1).configs(spec.configs()))
            .toList());
  }

  private List<Injected> injectAll(Cluster cluster, DeployedJob job) {
    List<Injected> injected = new ArrayList<>();
    try (Feed feed = new Feed(cluster.broker().bootstrapServers(), workload.events())) {
      job.awaitRunning();
      List<Schedule.Step> steps = schedule.steps();
      for (int i = 0; i < steps.size(); i++) {
        Schedule.Step step = steps.get(i);
        boolean last = i == steps.size() - 1;
        feed.sendUpTo(step.position());
        feed.allowUpTo(last ? 1 : steps.get(i + 1).position()); // events go on during the fault
        Instant from = step.fault().inject(cluster, job);
        boolean nextWaits = last || !steps.get(i + 1).overlapping();
        injected.add(
            new Injected(step.fault(), nextWaits ? List.of(job.awaitRecovery(from)) : List.of()));
      }
      feed.sendUpTo(1);
    }
    return injected;
  }

  /** All that has to come; what must not come shows when the job has stopped. */
  private void awaitStatistics(Cluster cluster) {
    int expected = workload.expected().count(Checker.STATISTICS);
    Await.until(
        "%d statistics to be committed".formatted(expected),
        () -> {
          cluster.revive();
          return cluster.broker().readAll(Checker.STATISTICS, IsolationLevel.READ_COMMITTED).size()
              >= expected;
        });
  }

  private List<String> violations(KafkaCluster kafka) {
    return Checker.violations(workload.expected(), Outputs.published(kafka, Checker.TOPICS));
  }
}

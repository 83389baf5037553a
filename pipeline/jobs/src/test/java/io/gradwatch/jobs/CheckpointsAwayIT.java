package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.EmbeddedKafka;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.faults.CheckpointFolder;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that cannot be written for longer than Kafka keeps a transaction open. */
@Timeout(900)
class CheckpointsAwayIT {
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);
  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", 1_000);
  private static final int MIDDLE = RUN.size() / 2;

  /** How often the broker looks for transactions that are too old. */
  private static final Map<String, String> IMPATIENT =
      Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200");

  @TempDir private Path folder;

  @Test
  void statisticsOfThatTimeComeAgain() throws Exception {
    try (KafkaCluster kafka =
        EmbeddedKafka.start(BrokerOptions.temporary().withSettings(IMPATIENT))) {
      JobOnKafka job = new JobOnKafka(kafka, folder);
      job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
      CheckpointFolder checkpoints = CheckpointFolder.create(folder);
      Configuration flink = job.flink(1);
      flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.uri());
      flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
      flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
      JobClient client =
          GradwatchJob.start(job.options(JobOptions.TRANSACTION_TIMEOUT.name(), "10 s"), flink);

      job.send(RUN.subList(0, MIDDLE));
      int first = Outputs.straight(RUN.subList(0, MIDDLE)).count(STATISTICS);
      awaitStatistics(kafka, first); // committed: a checkpoint is complete
      checkpoints.takeAway();
      job.send(RUN.subList(MIDDLE, RUN.size()));
      try (Admin admin = kafka.admin()) {
        kafka.readUntil(
            STATISTICS, IsolationLevel.READ_UNCOMMITTED, records -> records.size() > first);
        Await.until("Kafka to end the transactions of more", () -> ongoing(admin).isEmpty());
      }
      checkpoints.bringBack();

      Outputs expected = Outputs.straight(RUN);
      awaitStatistics(kafka, expected.count(STATISTICS));
      client.cancel().get();
      assertThat(client.getJobExecutionResult()).failsWithin(KafkaCluster.PATIENCE);
      assertThat(Outputs.published(kafka, List.of(STATISTICS)).differences(STATISTICS, expected))
          .isEmpty();
    }
  }

  private static void awaitStatistics(KafkaCluster kafka, int count) {
    kafka.readUntil(STATISTICS, IsolationLevel.READ_COMMITTED, records -> records.size() >= count);
  }

  private static List<String> ongoing(Admin admin) throws Exception {
    return admin.listTransactions().all().get().stream()
        .filter(transaction -> transaction.state() == TransactionState.ONGOING)
        .map(transaction -> transaction.transactionalId())
        .toList();
  }
}

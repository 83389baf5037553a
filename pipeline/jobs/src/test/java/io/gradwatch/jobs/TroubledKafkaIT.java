package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.EmbeddedKafka;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the job where Kafka itself is in trouble. */
@Timeout(900)
class TroubledKafkaIT {
  private static final int PARTITION = 0;
  private static final String QUOTAS = "kafka.server:type=";
  private static final int STEPS = 200;

  /** Behind the 61 bytes of a batch's header. */
  private static final int WITHIN_THE_FIRST_BATCH = 100;

  @TempDir private Path folder;
  private KafkaCluster kafka;
  private JobOnKafka job;

  @BeforeEach
  void start() {
    kafka = broker();
    job = new JobOnKafka(kafka, folder.resolve("checkpoints"));
    job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void aBatchThatRotsStopsTheJobUntilItsRecordsAreDeleted() throws Exception {
    List<Samples.Sent> lost = Samples.explodingRun("lost", STEPS);
    send(lost);
    kafka.close();
    rot(partitionFolder());
    kafka = broker();
    job = new JobOnKafka(kafka, folder.resolve("checkpoints"));
    List<Samples.Sent> later = Samples.explodingRun("later", STEPS);
    send(later);

    Configuration flink = job.flink(1);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
    JobClient client = GradwatchJob.start(job.options(), flink);
    awaitRestart(client);

    try (Admin admin = kafka.admin()) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(Samples.EVENTS, PARTITION),
                  RecordsToDelete.beforeOffset(lost.size())))
          .all()
          .get();
    }
    Outputs expected = Outputs.straight(later);
    awaitStatistics(expected);
    client.cancel().get();
    assertThat(client.getJobExecutionResult()).failsWithin(KafkaCluster.PATIENCE);
    Outputs published = Outputs.published(kafka, JobOnKafka.OUTPUTS).distinct();
    for (String topic : JobOnKafka.OUTPUTS) {
      assertThat(published.differences(topic, expected)).isEmpty();
    }
    assertThat(kafka.readAll(Topics.DEAD_LETTERS, IsolationLevel.READ_COMMITTED)).isEmpty();
  }

  @Test
  void aJobUnderAQuotaIsLateAndLosesNothing() throws Exception {
    List<Samples.Sent> run = Samples.explodingRun("run", STEPS);
    send(run);
    Outputs expected = Outputs.straight(run);
    try (Admin admin = kafka.admin()) {
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      new ClientQuotaEntity(
                          Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null)),
                      List.of(
                          new ClientQuotaAlteration.Op("consumer_byte_rate", 2_000.0),
                          new ClientQuotaAlteration.Op("producer_byte_rate", 2_000.0)))))
          .all()
          .get();
    }
    JobClient client = GradwatchJob.start(job.options(), job.flink(1));
    awaitStatistics(expected);
    assertThat(longestThrottleMillis()).isPositive();
    JobOnKafka.cancel(client);
    Outputs published = Outputs.published(kafka, JobOnKafka.OUTPUTS);
    for (String topic : JobOnKafka.OUTPUTS) {
      assertThat(published.differences(topic, expected)).isEmpty();
    }
  }

  /** What the broker in this process says of the clients that it lets wait. */
  private static double longestThrottleMillis() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    double longest = 0;
    for (String request : List.of("Fetch", "Produce")) {
      for (ObjectName name : beans.queryNames(new ObjectName(QUOTAS + request + ",*"), null)) {
        for (Object any : beans.getAttributes(name, new String[] {"throttle-time"})) {
          longest = Math.max(longest, (Double) ((Attribute) any).getValue());
        }
      }
    }
    return longest;
  }

  private void send(List<Samples.Sent> events) {
    kafka.send(
        events.stream()
            .map(
                event ->
                    new ProducerRecord<>(
                        Samples.EVENTS, PARTITION, RecordEncoder.key(event.runId()), event.value()))
            .toList());
  }

  private void awaitStatistics(Outputs expected) {
    String statistics = Topics.statistics(Topics.DEFAULT_PROJECT);
    kafka.readUntil(
        statistics,
        IsolationLevel.READ_COMMITTED,
        records -> records.size() >= expected.count(statistics));
  }

  private static void awaitRestart(JobClient client) {
    Await.until(
        "the job to notice what rots", () -> client.getJobStatus().get() == JobStatus.RESTARTING);
  }

  private Path partitionFolder() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("broker"))) {
      return all.filter(Files::isDirectory)
          .filter(one -> one.endsWith(Samples.EVENTS + "-" + PARTITION))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Changes one bit of the first batch, so that none of it can be read before it is noticed. */
  private static void rot(Path partition) throws IOException {
    Path segment = partition.resolve("00000000000000000000.log");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(WITHIN_THE_FIRST_BATCH);
      int there = file.read();
      file.seek(WITHIN_THE_FIRST_BATCH);
      file.write(there ^ 1);
    }
  }

  /** A broker whose data outlives it. */
  private KafkaCluster broker() {
    return EmbeddedKafka.start(BrokerOptions.temporary().withDataFolder(folder.resolve("broker")));
  }
}

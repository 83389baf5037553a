package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of trainers whose clocks are wrong. */
class OddTimestampsIT {
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);
  private final long now = Instant.now().toEpochMilli();

  /** 1970, a year ago, now, in a month, the year 2106. */
  private final long[] times = {
    0,
    now - Duration.ofDays(365).toMillis(),
    now,
    now + Duration.ofDays(30).toMillis(),
    (1L << 32) * 1000
  };

  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", 300);

  @TempDir private Path folder;
  private KafkaCluster kafka;
  private JobOnKafka job;

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
    job = new JobOnKafka(kafka, folder);
    job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void whatTheEventTopicTakesTheOutputsTake() throws Exception {
    letEventsComeFromAnyTime();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Samples.Sent event : RUN) {
      records.add(at(times[records.size() % times.length], event.value()));
    }
    for (long time : times) {
      records.add(at(time, new byte[] {1, 2, 3}));
    }
    kafka.send(records);
    JobClient client = GradwatchJob.start(job.options(), job.flink(1));
    Outputs expected = Outputs.straight(RUN);
    assertThat(
            kafka.readUntil(
                STATISTICS,
                IsolationLevel.READ_COMMITTED,
                all -> all.size() >= expected.count(STATISTICS)))
        .hasSize(expected.count(STATISTICS));
    assertThat(
            kafka.readUntil(
                Topics.DEAD_LETTERS,
                IsolationLevel.READ_COMMITTED,
                all -> all.size() >= times.length))
        .extracting(letter -> letter.timestamp())
        .containsExactlyInAnyOrder(now, times[0], times[1], times[3], times[4]);
    JobOnKafka.cancel(client);
  }

  @Test
  void aBrokerRefusesAnEventFromTheFutureUnlessItsTopicIsToldNotTo() {
    List<ProducerRecord<byte[], byte[]>> future = List.of(at(times[3], RUN.get(0).value()));
    assertThatThrownBy(() -> kafka.send(future))
        .hasRootCauseInstanceOf(InvalidTimestampException.class);
  }

  private ProducerRecord<byte[], byte[]> at(long timestamp, byte[] value) {
    return new ProducerRecord<>(Samples.EVENTS, 0, timestamp, RecordEncoder.key("run"), value);
  }

  private void letEventsComeFromAnyTime() throws Exception {
    AlterConfigOp any =
        new AlterConfigOp(
            new ConfigEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)),
            AlterConfigOp.OpType.SET);
    AlterConfigOp forGood =
        new AlterConfigOp(new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET);
    try (Admin admin = kafka.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, Samples.EVENTS),
                  List.of(any, forGood)))
          .all()
          .get();
    }
  }
}

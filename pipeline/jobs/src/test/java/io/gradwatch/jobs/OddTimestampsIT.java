package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
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
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void whatTheEventTopicTakesTheOutputsTake() throws Exception {
    createTopics(
        // From the start: a broker follows a change of them when it gets round to it.
        Map.of(
            "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE), "retention.ms", "-1"));
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
    createTopics(Map.of());
    List<ProducerRecord<byte[], byte[]>> future = List.of(at(times[3], RUN.get(0).value()));
    assertThatThrownBy(() -> kafka.send(future))
        .hasRootCauseInstanceOf(InvalidTimestampException.class);
  }

  /** All topics as planned, but for some settings of that of the events. */
  private void createTopics(Map<String, String> ofEvents) {
    List<NewTopic> topics = new ArrayList<>();
    for (TopicSpec spec : Topics.allSpecs(Topics.DEFAULT_PROJECT)) {
      Map<String, String> configs = new HashMap<>(spec.configs());
      if (spec.name().equals(Samples.EVENTS)) {
        configs.putAll(ofEvents);
      }
      topics.add(new NewTopic(spec.name(), spec.partitions(), (short) 1).configs(configs));
    }
    kafka.createTopics(topics);
  }

  private ProducerRecord<byte[], byte[]> at(long timestamp, byte[] value) {
    return new ProducerRecord<>(Samples.EVENTS, 0, timestamp, RecordEncoder.key("run"), value);
  }
}

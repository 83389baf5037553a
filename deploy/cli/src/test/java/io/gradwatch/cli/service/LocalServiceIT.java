package io.gradwatch.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.cli.kafka.TopicReader;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.RunDescription;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.producer.StepReport;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code gradwatch up} runs: broker and job on a folder, stopped and started again. */
@Timeout(900)
class LocalServiceIT {
  private static final String PROJECT = "team";
  private static final long HALF = RunMonitor.STATISTICS_INTERVAL + 10;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void goesOnWhereItWasWhenItIsStartedAgain(String backend) throws Exception {
    try (LocalService service = LocalService.start(settings(backend))) {
      train(service, 0, HALF);
      awaitStatistics(service, RunMonitor.STATISTICS_INTERVAL - 1);
    }
    try (LocalService service = LocalService.start(settings(backend))) {
      train(service, HALF, 2 * HALF);

      RunStatistics last = awaitStatistics(service, 2 * HALF - 1);

      assertThat(last.getStepsSeen()).isEqualTo(2 * HALF);
      assertThat(service.jobEnd()).isNotDone();
    }
  }

  private LocalService.Settings settings(String backend) {
    return new LocalService.Settings(
        folder,
        0,
        PROJECT,
        1,
        Duration.ofMillis(500),
        Map.of(
            "state.backend.type",
            backend,
            // Parts of a cluster that are slow to answer each other are no failure.
            "pekko.ask.timeout",
            KafkaCluster.PATIENCE.toMillis() + " ms",
            "heartbeat.timeout",
            KafkaCluster.PATIENCE.toMillis() + " ms"));
  }

  /** Steps of one run, ended when they are its second half. */
  private static void train(LocalService service, long from, long to) {
    StepPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(service.bootstrapServers())
            .project(PROJECT)
            .runId("r")
            .overflow(Overflow.WAIT)
            .build();
    publisher.started(from, RunDescription.create());
    for (long step = from; step < to; step++) {
      publisher.step(StepReport.of(step).loss(2.0).gradNorm(1.0));
    }
    if (from > 0) {
      publisher.ended(to - 1, RunOutcome.COMPLETED);
    }
    publisher.close(KafkaCluster.PATIENCE);
  }

  /** The first statistics that have come up to a step. */
  private static RunStatistics awaitStatistics(LocalService service, long step)
      throws RecordFormatException {
    RecordCodec<RunStatistics> codec = RecordCodec.of(RunStatistics.class);
    List<String> topics = List.of(Topics.statistics(PROJECT));
    try (TopicReader reader = new TopicReader(service.clientSettings(), topics, true)) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(200))) {
          RunStatistics statistics = codec.decode(record.value());
          if (statistics.getStep() >= step) {
            return statistics;
          }
        }
      }
    }
  }
}

package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that has lost its state and begins anew with the oldest events, as deploy/README.md says:
 * it comes to the same alarms, byte for byte. That they are not told again is tested with the
 * router (RouterIT, TargetLaneTest).
 */
class LostStateIT {
  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);
  private static final int STEPS = 200;

  @TempDir private Path folder;
  private KafkaCluster kafka;

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void saysOfRunsThatBeganSinceWhatItSaidWithTheSameIds() throws Exception {
    List<Samples.Sent> events = new ArrayList<>(Samples.explodingRun("ended", STEPS));
    List<Samples.Sent> open = Samples.explodingRun("open", STEPS);
    events.addAll(open.subList(0, open.size() - 1)); // it goes on: its alarm stays open
    Outputs expected = Outputs.straight(events);
    assertThat(expected.alarms())
        .extracting(alarm -> alarm.getRunId() + " " + alarm.getState())
        .contains("ended " + AlarmState.OPEN, "ended " + AlarmState.RESOLVED)
        .contains("open " + AlarmState.OPEN)
        .doesNotContain("open " + AlarmState.RESOLVED);
    JobOnKafka first = new JobOnKafka(kafka, Files.createDirectory(folder.resolve("first")));
    first.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
    first.send(events);
    runUntil(first, expected.count(STATISTICS));
    assertSame(published(), expected);

    JobOnKafka second = new JobOnKafka(kafka, Files.createDirectory(folder.resolve("second")));
    runUntil(second, 2 * expected.count(STATISTICS));
    assertSame(published().after(expected), expected);
  }

  /** Runs a job that restores nothing until so many records of statistics are committed. */
  private void runUntil(JobOnKafka job, int statistics) throws Exception {
    JobClient client = GradwatchJob.start(job.options(), job.flink(2));
    assertThat(
            kafka.readUntil(
                STATISTICS, IsolationLevel.READ_COMMITTED, records -> records.size() >= statistics))
        .hasSize(statistics);
    JobOnKafka.cancel(client);
  }

  /** But for the silence of the run that goes on, which a slow machine has time to notice. */
  private Outputs published() {
    return Outputs.published(kafka, List.of(ALARMS, STATISTICS)).without(AlarmKind.SILENCE);
  }

  private static void assertSame(Outputs actual, Outputs expected) {
    assertThat(actual.differences(ALARMS, expected)).isEmpty();
    assertThat(actual.differences(STATISTICS, expected)).isEmpty();
  }
}

package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects come and go while the job runs. */
class ProjectsIT {
  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", 100);

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
  void aProjectThatAppearsLaterIsWatchedAndGetsItsTopics() throws Exception {
    JobClient client = GradwatchJob.start(lookingAgain(), job.flink(1));
    kafka.createTopic(Topics.events("late"), 2);
    send("late");
    awaitTopic(Topics.statistics("late"));
    assertThat(published("late")).isNotEmpty();
    JobOnKafka.cancel(client);
  }

  @Test
  void aProjectWithoutOutputTopicsDoesNotStopTheOthers() throws Exception {
    job.createTopics(Topics.allSpecs("complete"));
    kafka.createTopic(Topics.events("half-made"), 1);
    send("half-made");
    JobClient client =
        GradwatchJob.start(lookingAgain("gradwatch.create-topics", "false"), job.flink(1));
    send("complete");
    assertThat(published("complete")).isNotEmpty();

    job.createTopics(
        Topics.specs("another")); // and one that comes with all its topics is watched at once
    send("another");
    assertThat(published("another")).isNotEmpty();
    assertThat(topics())
        .contains(Topics.events("half-made"))
        .doesNotContain(Topics.alarms("half-made"));
    JobOnKafka.cancel(client);
  }

  /** Options of a job that soon sees a topic that comes while it runs. */
  private JobOptions lookingAgain(String... nameAndValue) {
    List<String> all = new ArrayList<>(List.of(nameAndValue));
    all.addAll(List.of(JobOptions.DISCOVERY_INTERVAL.name(), "2 s"));
    return job.options(all.toArray(String[]::new));
  }

  private void send(String project) {
    kafka.send(
        RUN.stream()
            .map(
                event ->
                    new ProducerRecord<>(
                        Topics.events(project), RecordEncoder.key(event.runId()), event.value()))
            .toList());
  }

  private List<?> published(String project) {
    return kafka.readUntil(
        Topics.statistics(project), IsolationLevel.READ_COMMITTED, records -> !records.isEmpty());
  }

  private void awaitTopic(String topic) {
    Await.until("topic " + topic, () -> topics().contains(topic));
  }

  private Set<String> topics() throws Exception {
    try (Admin admin = kafka.admin()) {
      return admin.listTopics().names().get();
    }
  }
}

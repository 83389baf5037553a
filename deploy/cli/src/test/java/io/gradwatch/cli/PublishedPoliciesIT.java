package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies published, listed and removed on a Kafka. */
class PublishedPoliciesIT {
  private static final String PAST = "2026-01-01T00:00:00Z";

  @TempDir private Path folder;
  private KafkaCluster kafka;

  @BeforeEach
  void startKafka() {
    kafka = KafkaCluster.start();
  }

  @AfterEach
  void stopKafka() {
    kafka.close();
  }

  @Test
  void whatIsPublishedIsListedAndWhatIsPublishedAlreadyIsLeftAlone() throws IOException {
    run("topics", "create");
    Path file =
        file(
            """
            fleet:
              effective_at: 2026-01-01T00:00:00Z
              detectors: {DIVERGENCE: {severity: WARNING}}
            projects:
              vision: {effective_at: 2026-01-01T00:00:00Z, clip: {rule: zclip, layers: false}}
            """);

    CommandRun dry = run("policy", "publish", file.toString(), "--dry-run");
    assertThat(records()).isEmpty();
    CommandRun first =
        run("policy", "publish", file.toString(), "--author=ann", "--note=less \u001bnoise");
    CommandRun again = run("policy", "publish", file.toString());
    CommandRun list = run("policy", "list");

    assertThat(first.code()).isZero();
    assertThat(dry.out()).isEqualTo(first.out());
    assertThat(lines(first.out()))
        .containsExactly(
            "new fleet/default from " + PAST,
            " detectors.DIVERGENCE.severity (inherits) -> WARNING",
            "new project/vision from " + PAST,
            " clip.layers (inherits) -> false",
            " clip.rule (inherits) -> zclip");
    assertThat(first.err()).contains("fleet/default holds from a time that is past");
    assertThat(again.out().lines())
        .containsExactly("same     fleet/default", "same     project/vision");
    assertThat(records()).hasSize(2);
    assertThat(lines(list.out()))
        .containsExactly(
            "fleet/default from " + PAST + ", in force, by ann: less ?noise",
            " detectors.DIVERGENCE.severity WARNING",
            "project/vision from " + PAST + ", in force, by ann: less ?noise",
            " clip.layers false",
            " clip.rule zclip");
  }

  @Test
  void aChangeHoldsTenSecondsFromNowAndARemovalToo() throws IOException {
    run("topics", "create");
    run("policy", "publish", file("fleet: {clip: {raise: 1, headroom: 1}}").toString(), at(PAST));
    Instant before = Instant.now();
    CommandRun change = run("policy", "publish", file("fleet: {clip: {raise: 2}}").toString());
    String later = Instant.now().plus(Duration.ofHours(1)).toString();
    run("policy", "publish", file("projects: {vision: {clip: {raise: 3}}}").toString(), at(later));
    CommandRun list = run("policy", "list");
    CommandRun remove = run("policy", "remove", "fleet/default");
    CommandRun all = run("policy", "list", "--all");

    assertThat(lines(change.out()))
        .hasSize(3)
        .endsWith(" clip.headroom 1 -> (inherits)", " clip.raise 1 -> 2");
    assertThat(from(change.out()))
        .isBetween(before.plusSeconds(9), Instant.now().plus(PolicyPublishCommand.LEAD));
    assertThat(change.err()).isEmpty();
    assertThat(list.out()).contains(", in force", ", planned");
    assertThat(remove.code()).isZero();
    assertThat(lines(remove.out())).hasSize(2).endsWith(" clip.raise 2 -> (inherits)");
    ConsumerRecord<byte[], byte[]> tombstone = records().get(3);
    assertThat(tombstone.value()).isNull();
    assertThat(tombstone.key()).asString(UTF_8).isEqualTo("fleet/default");
    assertThat(Instant.ofEpochMilli(tombstone.timestamp())).isEqualTo(from(remove.out()));
    assertThat(all.out()).contains("fleet/default removed from ");

    CommandRun twice = run("policy", "remove", "fleet/default");
    assertThat(twice.code()).isEqualTo(1);
    assertThat(twice.err()).contains("there is no policy fleet/default");
  }

  @Test
  void whatIsWrongIsNotPublished() throws IOException {
    run("topics", "create");
    String tomorrow = Instant.now().plus(Duration.ofHours(25)).toString();

    CommandRun wrong = run("policy", "publish", file("fleet: {clip: {raise: .nan}}").toString());
    CommandRun late = run("policy", "publish", file("fleet: {}").toString(), at(tomorrow));
    CommandRun noTime = run("policy", "publish", file("fleet: {}").toString(), at("soon"));

    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("policy.yaml:1: clip.raise is .nan");
    assertThat(late.code()).isEqualTo(2);
    assertThat(late.err()).contains("it must be at most a day ahead");
    assertThat(noTime.code()).isEqualTo(2);
    assertThat(noTime.err()).contains("--effective-at is soon, it must be a time such as");
    assertThat(run("policy", "remove", "team/a").code()).isEqualTo(2);
    assertThat(records()).isEmpty();
  }

  @Test
  void recordsThatTheJobRefusesAreToldAndALackingTopicToo() {
    CommandRun noTopic = run("policy", "list");
    run("topics", "create");
    kafka.send(
        List.of(
            new ProducerRecord<>(
                Topics.POLICIES, "fleet/default".getBytes(UTF_8), "fleet: {}".getBytes(UTF_8))));

    CommandRun list = run("policy", "list");

    assertThat(noTopic.code()).isEqualTo(1);
    assertThat(noTopic.err())
        .contains("there is no topic gradwatch.policies.v1; create it with `gradwatch topics");
    assertThat(list.code()).isZero();
    assertThat(list.out()).isEmpty();
    assertThat(list.err()).startsWith("refused: partition 0, offset 0: UNKNOWN_FRAMING: ");
  }

  private static String at(String time) {
    return "--effective-at=" + time;
  }

  /** The time in a first line. */
  private static Instant from(String out) {
    String line = out.lines().findFirst().orElseThrow();
    return Instant.parse(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static List<String> lines(String out) {
    return out.lines().map(line -> line.replaceAll(" +", " ")).toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> records() {
    return kafka.readAll(Topics.POLICIES, IsolationLevel.READ_COMMITTED);
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("policy.yaml"), yaml);
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return CommandRun.of(all.toArray(String[]::new));
  }
}

package io.gradwatch.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.cli.CommandRun;
import io.gradwatch.cli.kafka.PolicyPublisher;
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
  void thatThereIsNoPolicyIsSaidWhereNoMachineReads() {
    run("topics", "create");

    for (CommandRun get : List.of(run("policy", "get"), run("policy", "get", "--json"))) {
      assertThat(get.code()).isZero();
      assertThat(get.out()).isEmpty();
      assertThat(get.err())
          .isEqualToNormalizingNewlines(
              "no policy is in force: every run is judged by the defaults\n");
    }
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
        .isBetween(before.plusSeconds(9), Instant.now().plus(PolicyPublisher.LEAD));
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
  void whatIsGotIsPublishedAgainAsTheSameAndSingleSettingsChange() throws IOException {
    run("topics", "create");
    run("policy", "publish", file("fleet: {clip: {raise: 1, headroom: 1}}").toString(), at(PAST));
    run("policy", "publish", file("projects: {vision: {clip: {raise: 3}}}").toString(), at(PAST));

    CommandRun dry = run("policy", "set", "fleet", "clip.raise=2", "--dry-run");
    CommandRun set =
        run("policy", "set", "fleet", "clip.raise=2", "--unset=clip.headroom", "--author=ann");
    CommandRun got = run("policy", "get");
    CommandRun back = run("policy", "publish", file(got.out()).toString());
    CommandRun diff = run("policy", "diff", file(got.out()).toString());
    CommandRun effective = run("policy", "get", "--run=vision/r", "--effective");
    CommandRun json = run("policy", "get", "project/vision", "--effective", "--json");

    assertThat(lines(dry.out())).hasSize(2).endsWith(" clip.raise 1 -> 2");
    assertThat(lines(set.out()))
        .hasSize(3)
        .endsWith(" clip.headroom 1 -> (inherits)", " clip.raise 1 -> 2");
    assertThat(got.out()).contains(", by ann", "    raise: 2", "  \"vision\":");
    assertThat(back.out().lines())
        .containsExactly("same     fleet/default", "same     project/vision");
    assertThat(diff.code()).isZero();
    assertThat(diff.out()).isEmpty();
    assertThat(effective.out())
        .contains("  \"vision/r\":", "raise: 3  # from project/vision")
        .doesNotContain("headroom");
    assertThat(json.out())
        .contains("\"settings\":{\"clip.raise\":3}", "{\"clip.raise\":\"from project/vision\"}");
    assertThat(run("policy", "get", "run/vision/r").err()).contains("there is no policy");
  }

  @Test
  void theDifferenceToAFileIsTold() throws IOException {
    run("topics", "create");
    run("policy", "publish", file("projects: {vision: {clip: {raise: 3}}}").toString(), at(PAST));

    String fleet = file("fleet: {clip: {raise: 2}}").toString();
    CommandRun part = run("policy", "diff", fleet);
    CommandRun whole = run("policy", "diff", fleet, "--whole");
    CommandRun wrong = run("policy", "diff", file("fleet: {clip: {raise: -1}}").toString());
    CommandRun absent = run("policy", "diff", folder.resolve("absent.yaml").toString());

    assertThat(part.code()).isEqualTo(1);
    assertThat(lines(part.out())).hasSize(2).endsWith(" clip.raise (inherits) -> 2");
    assertThat(whole.code()).isEqualTo(1);
    assertThat(lines(whole.out()))
        .endsWith("lacking project/vision", " clip.raise 3 -> (inherits)");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(absent.code()).isEqualTo(2);
    assertThat(records()).hasSize(1);
  }

  @Test
  void whatIsPlannedIsTakenOffByAChangeBeforeIt() throws IOException {
    run("topics", "create");
    String later = Instant.now().plus(Duration.ofHours(1)).toString();
    run("policy", "publish", file("fleet: {clip: {raise: 1}}").toString(), at(PAST));
    run("policy", "publish", file("fleet: {clip: {raise: 3}}").toString(), at(later));

    CommandRun planned = run("policy", "get", "fleet");
    CommandRun set = run("policy", "set", "fleet", "clip.headroom=2");
    CommandRun refused = run("policy", "set", "fleet", "clip.headroom=x");

    assertThat(planned.out()).contains("raise: 1", "; to be replaced at " + later.substring(0, 17));
    assertThat(set.err()).contains("takes off what was planned from " + later.substring(0, 17));
    assertThat(run("policy", "get", "fleet").out()).contains("raise: 1", "headroom: 2");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).startsWith("clip.headroom is x, it must be a number");
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

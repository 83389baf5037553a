package io.gradwatch.schemas;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.schemas.TopicSpec.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  @Test
  void nameTheProjectLast() {
    assertThat(Topics.events("team-7")).isEqualTo("gradwatch.events.v1.team-7");
    assertThat(Topics.alarms("team-7")).isEqualTo("gradwatch.alarms.v1.team-7");
    assertThat(Topics.recommendations("team-7")).isEqualTo("gradwatch.recommendations.v1.team-7");
    assertThat(Topics.statistics("team-7")).isEqualTo("gradwatch.statistics.v1.team-7");
    assertThat(Topics.project("gradwatch.alarms.v1.team-7")).isEqualTo("team-7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Team", "a.b", "a_b", "a b", "é", "a\n"})
  void refuseOtherNamesOfProjects(String project) {
    assertThatThrownBy(() -> Topics.events(project))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "project is '%s', must be 1 to 64 lower-case letters, digits and dashes", project);
  }

  @Test
  void boundTheNamesOfProjects() {
    assertThat(Topics.checkProject("x".repeat(64))).hasSize(64);
    assertThatThrownBy(() -> Topics.checkProject("x".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gradwatch.events.v2.a",
        "gradwatch.events.v1.",
        "gradwatch.policies.v1",
        "xgradwatch.events.v1.a",
        "gradwatch.events.v1.a.b",
        "gradwatchxeventsxv1xa"
      })
  void belongToNoProjectOtherwise(String topic) {
    assertThatThrownBy(() -> Topics.project(topic)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Topics.EVENTS_PATTERN.matcher(topic).matches()).isFalse();
  }

  @Test
  void areFoundByTheirPatternsAndNoOthers() {
    assertThat(Topics.EVENTS_PATTERN.matcher(Topics.events("a")).matches()).isTrue();
    assertThat(Topics.ALARMS_PATTERN.matcher(Topics.alarms("a")).matches()).isTrue();
    assertThat(Topics.RECOMMENDATIONS_PATTERN.matcher(Topics.recommendations("a")).matches())
        .isTrue();
    assertThat(Topics.STATISTICS_PATTERN.matcher(Topics.statistics("a")).matches()).isTrue();
    assertThat(Topics.EVENTS_PATTERN.matcher(Topics.alarms("a")).matches()).isFalse();
  }

  @Test
  void haveNamesThatKafkaTakes() {
    assertThat(Topics.allSpecs("x".repeat(64)))
        .hasSize(11)
        .allSatisfy(spec -> assertThat(spec.name()).matches("[a-z0-9.-]{1,249}"))
        .allSatisfy(spec -> assertThat(spec.partitions()).isPositive());
  }

  @Test
  void keepPoliciesAdviceAndJudgementsForEverAndDeleteTheRestByAge() {
    assertThat(Topics.allSpecs("a"))
        .filteredOn(spec -> spec.cleanup() == Cleanup.COMPACT)
        .extracting(TopicSpec::name)
        .containsExactly(Topics.recommendations("a"), Topics.POLICIES, Topics.JUDGEMENTS);
    assertThat(Topics.allSpecs("a"))
        .filteredOn(spec -> spec.cleanup() != Cleanup.COMPACT)
        .allMatch(spec -> spec.retention() != null);
  }

  @Test
  void keepEveryPolicyWhileEventsOfItsTimeCanBeReadAgain() {
    TopicSpec events = Topics.specs("a").get(0);
    TopicSpec policies = Topics.sharedSpecs().get(1);

    assertThat(policies.name()).isEqualTo(Topics.POLICIES);
    assertThat(policies.retention())
        .isEqualTo(Duration.ofDays(8))
        .isEqualTo(requireNonNull(events.retention()).plus(Topics.MAX_POLICY_LEAD));
    assertThat(policies.configs())
        .containsEntry("cleanup.policy", "compact")
        .containsEntry("min.compaction.lag.ms", "691200000")
        .doesNotContainKey("retention.ms");
  }

  @Test
  void tellKafkaTheirSettings() {
    assertThat(Topics.specs("a").get(0).configs())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "604800000")
        .containsEntry("max.message.bytes", "2097152");
    assertThat(Topics.specs("a").get(2).configs())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKeys("retention.ms", "min.compaction.lag.ms");
  }

  @Test
  void takeWhateverTimestampTheEventTopicTook() {
    String bound = "message.timestamp.after.max.ms";
    assertThat(Topics.allSpecs("a"))
        .filteredOn(spec -> !spec.configs().containsKey(bound))
        .extracting(TopicSpec::name)
        .containsExactly(
            Topics.events("a"),
            Topics.POLICIES,
            Topics.SILENCES,
            Topics.ACKNOWLEDGEMENTS,
            Topics.JUDGEMENTS,
            Topics.DELIVERIES);
    assertThat(Topics.specs("a").get(1).configs())
        .containsEntry(bound, "9223372036854775807")
        .containsEntry("message.timestamp.before.max.ms", "9223372036854775807");
  }

  @Test
  void letGoOfWhatPeopleSaidOfAlarmsThatAreGone() {
    TopicSpec silences = Topics.consoleSpecs().get(0);

    assertThat(silences.name()).isEqualTo(Topics.SILENCES);
    assertThat(silences.configs())
        .containsEntry("cleanup.policy", "compact,delete")
        .containsEntry("retention.ms", "7776000000")
        .doesNotContainKey("min.compaction.lag.ms");
    assertThat(silences.retention()).isGreaterThan(Topics.MAX_SILENCE);
  }

  @Test
  void areDocumentedAsTheyAre() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `gradwatch."))
            .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2)))
            .toList();

    assertThat(documented)
        .containsExactlyElementsOf(
            Topics.allSpecs("project").stream().map(TopicsTest::row).toList());
  }

  private static String row(TopicSpec spec) {
    return "| `%s` | %d | %s | %s | %s "
        .formatted(
            spec.name().replace(".project", ".PROJECT"),
            spec.partitions(),
            switch (spec.key()) {
              case RUN_ID -> "run id";
              case POLICY_SCOPE_AND_NAME -> "scope/name";
              case INCIDENT_ID -> "incident id";
              case SILENCE_ID -> "silence id";
              case ALARM_ID -> "alarm id";
              case TARGET_AND_ALARM_ID -> "target/alarm id";
              case ORIGINAL -> "the refused record's";
            },
            spec.configs().getOrDefault("cleanup.policy", "").replace(",", ", "),
            kept(spec));
  }

  private static String kept(TopicSpec spec) {
    String days = spec.retention() == null ? "" : spec.retention().toDays() + " days";
    if (spec.cleanup() == Cleanup.DELETE) {
      return days;
    }
    if (spec.cleanup() == Cleanup.COMPACT_DELETE) {
      return "newest of a key for " + days;
    }
    return days.isEmpty() ? "newest of a key" : "newest of a key, all for " + days;
  }
}

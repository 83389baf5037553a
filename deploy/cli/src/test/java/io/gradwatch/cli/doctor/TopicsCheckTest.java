package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.kafka.TopicPlan;
import io.gradwatch.cli.kafka.TopicPlan.Difference;
import io.gradwatch.cli.kafka.TopicPlan.Entry;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsCheckTest {
  private static final String DAY_MS = "86400000";
  private static final String AFTER = "message.timestamp.after.max.ms";

  @Test
  void findNothingInTopicsAsPlanned() {
    assertThat(judge(Map.of(), Map.of()))
        .extracting(Finding::severity, Finding::subject)
        .containsExactly(
            tuple(Severity.OK, "project vision"),
            tuple(Severity.OK, "shared"),
            tuple(Severity.OK, "console"));
  }

  @ParameterizedTest
  @CsvSource({
    "gradwatch.events.v1.vision, partitions, 1, NOTE",
    "gradwatch.policies.v1, partitions, 3, PROBLEM",
    "gradwatch.events.v1.vision, cleanup.policy, compact, PROBLEM",
    "gradwatch.alarms.v1.vision, retention.ms, 86400000, PROBLEM",
    "gradwatch.alarms.v1.vision, retention.ms, -1, NOTE",
    "gradwatch.policies.v1, min.compaction.lag.ms, 0, PROBLEM",
    "gradwatch.policies.v1, min.compaction.lag.ms, 691200001, NOTE",
    "gradwatch.events.v1.vision, max.message.bytes, 524288, PROBLEM",
    "gradwatch.events.v1.vision, max.message.bytes, 1048588, NOTE",
    "gradwatch.dead-letters.v1, max.message.bytes, 1048588, PROBLEM",
    "gradwatch.alarms.v1.vision, message.timestamp.after.max.ms, 3600000, PROBLEM",
    "gradwatch.judgements.v1, cleanup.policy, delete, PROBLEM",
    "gradwatch.silences.v1, retention.ms, 86400000, PROBLEM"
  })
  void weighWhatADifferenceDoes(String topic, String name, String found, Severity severity) {
    assertThat(judge(Map.of(topic, Map.of(name, found)), Map.of()))
        .filteredOn(finding -> finding.subject().equals(topic))
        .filteredOn(finding -> finding.found().startsWith(name + " is " + found))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({
    "gradwatch.events.v1.vision, partitions, 1",
    "gradwatch.policies.v1, partitions, 3",
    "gradwatch.dead-letters.v1, partitions, 1",
    "gradwatch.alarms.v1.vision, retention.ms, -1",
    "gradwatch.policies.v1, min.compaction.lag.ms, 691200001"
  })
  void giveNoCommandThatDeletesData(String topic, String name, String found) {
    assertThat(remedy(topic, name, found))
        .doesNotContain("kafka-topics.sh", "kafka-configs.sh", "--delete");
  }

  @Test
  void sayWhatFewerPartitionsOfPoliciesTake() {
    assertThat(remedy(Topics.POLICIES, TopicPlan.PARTITIONS, "3"))
        .contains("every policy is gone", "gradwatch policy list ", "publish all policies again");
    assertThat(remedy(Topics.events("vision"), TopicPlan.PARTITIONS, "1"))
        .startsWith("leave it")
        .endsWith("begin a new project");
    assertThat(remedy(Topics.DEAD_LETTERS, TopicPlan.PARTITIONS, "1")).doesNotContain("project");
  }

  @Test
  void allowOutputsWhatTheEventTopicBounds() {
    assertThat(
            judge(
                Map.of(Topics.alarms("vision"), Map.of(AFTER, "3600000")),
                Map.of(AFTER, "3600000")))
        .filteredOn(finding -> finding.found().startsWith(AFTER))
        .extracting(Finding::severity)
        .containsExactly(Severity.NOTE);
  }

  @Test
  void giveTheCommandThatMendsADifference() {
    assertThat(judge(Map.of(Topics.events("vision"), Map.of("retention.ms", DAY_MS)), Map.of()))
        .filteredOn(finding -> finding.severity() == Severity.PROBLEM)
        .singleElement()
        .extracting(Finding::bound, Finding::remedy)
        .containsExactly(
            "604800000",
            "kafka-configs.sh --bootstrap-server kafka:9093 --command-config 'my admin.properties'"
                + " --alter --entity-type topics --entity-name gradwatch.events.v1.vision"
                + " --add-config retention.ms=604800000");
  }

  @Test
  void tellOfEventsThatOutliveTheMemoryOfTheirRun() {
    List<Finding> month =
        judge(Map.of(Topics.events("vision"), Map.of("retention.ms", "2592000000")), Map.of());

    assertThat(month)
        .filteredOn(finding -> finding.found().startsWith("events are kept for 2592000000 ms"))
        .singleElement()
        .extracting(Finding::remedy)
        .asString()
        .contains("gradwatch.run-expiry");
  }

  @Test
  void rememberRunsAsLongAsTheirEventsAreKept() {
    assertThat(JobOptions.RUN_EXPIRY.option().defaultValue())
        .isEqualTo(Topics.specs("vision").get(0).retention());
  }

  @Test
  void tellWhatIsMissing() {
    List<Entry> entries =
        Topics.allSpecs("vision").stream()
            .map(spec -> new Entry(spec, false, Map.of(), List.of()))
            .toList();

    assertThat(new TopicsCheck(Sites.plain()).judge(new TopicPlan(entries)))
        .hasSize(Topics.allSpecs("vision").size())
        .allMatch(finding -> finding.severity() == Severity.PROBLEM)
        .allMatch(
            finding -> finding.remedy().startsWith("gradwatch topics create --project vision "));
  }

  /** What to do about a topic that differs in one setting. */
  private static String remedy(String topic, String name, String found) {
    return judge(Map.of(topic, Map.of(name, found)), Map.of()).stream()
        .filter(finding -> finding.found().equals(name + " is " + found))
        .map(Finding::remedy)
        .findFirst()
        .orElseThrow();
  }

  /**
   * All topics, otherwise where told.
   *
   * @param otherwise topic to settings
   * @param more settings of the event topic that the plan does not know
   */
  private static List<Finding> judge(
      Map<String, Map<String, String>> otherwise, Map<String, String> more) {
    List<Entry> entries = new ArrayList<>();
    for (TopicSpec spec : Topics.allSpecs("vision")) {
      Map<String, String> planned = new LinkedHashMap<>(spec.configs());
      planned.put(TopicPlan.PARTITIONS, Integer.toString(spec.partitions()));
      Map<String, String> found = new LinkedHashMap<>(planned);
      Map<String, String> others = otherwise.getOrDefault(spec.name(), Map.of());
      found.putAll(others);
      if (spec.name().equals(Topics.events("vision"))) {
        found.putAll(more);
      }
      List<Difference> differences =
          others.entrySet().stream()
              .map(e -> new Difference(e.getKey(), e.getValue(), planned.get(e.getKey())))
              .toList();
      entries.add(new Entry(spec, true, found, differences));
    }
    return new TopicsCheck(Sites.plain()).judge(new TopicPlan(entries));
  }
}

package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.access.Role;
import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.schemas.Topics;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class RightsCheckTest {
  private static final ResourcePattern EVENTS = topic(Topics.events("vision"));
  private static final ResourcePattern ADVICE = topic(Topics.recommendations("vision"));

  @Test
  void findNothingWhereATrainerHasItsRights() {
    assertThat(
            trainer()
                .judge(
                    Map.of(EVENTS, Set.of(AclOperation.WRITE), ADVICE, Set.of(AclOperation.READ))))
        .singleElement()
        .extracting(Finding::severity, Finding::found)
        .containsExactly(Severity.OK, "2 rights on 2 resources are there");
  }

  @Test
  void nameTheRightThatIsLacking() {
    assertThat(
            trainer()
                .judge(
                    Map.of(EVENTS, Set.of(AclOperation.READ), ADVICE, Set.of(AclOperation.READ))))
        .filteredOn(finding -> finding.severity() == Severity.PROBLEM)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.subject()).isEqualTo("gradwatch.events.v1.vision");
              assertThat(finding.found()).isEqualTo("this principal lacks Write");
              assertThat(finding.remedy())
                  .contains("gradwatch acls --print --role trainer --project vision");
            });
  }

  @Test
  void suggestTheRightsOfTheJobThatWasAskedFor() {
    Site site =
        Sites.of(
            Map.of(
                "gradwatch.group-id", "blue",
                "gradwatch.transactional-id-prefix", "blue-tx",
                "gradwatch.create-topics", "false"));

    assertThat(new RightsCheck(site, Role.JOB).judge(Map.of(EVENTS, Set.of())))
        .filteredOn(finding -> finding.severity() == Severity.PROBLEM)
        .isNotEmpty()
        .extracting(Finding::remedy)
        .allMatch(
            remedy ->
                remedy.contains(
                    "`gradwatch acls --print --role job --project vision --group-id blue"
                        + " --transactional-id-prefix blue-tx --no-create-topics"
                        + " --bootstrap-server kafka:9093`"))
        .allMatch(remedy -> remedy.contains("--job NAME"));
  }

  @Test
  void matchRightsOnTheBeginOfNames() {
    assertThat(
            new RightsCheck(Sites.plain(), Role.JOB)
                .judge(Map.of(EVENTS, Set.of(AclOperation.DESCRIBE))))
        .filteredOn(finding -> finding.severity() == Severity.PROBLEM)
        .extracting(Finding::found)
        .containsExactly("this principal lacks Read");
  }

  private static RightsCheck trainer() {
    return new RightsCheck(Sites.plain(), Role.TRAINER);
  }

  private static ResourcePattern topic(String name) {
    return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
  }
}

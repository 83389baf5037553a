package io.gradwatch.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.records.DetectorPolicy;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyMapperTest {
  private static final RecordCodec<Policy> CODEC = RecordCodec.of(Policy.class);

  @Test
  void yamlThroughAvroIsTheSameAsYaml() throws Exception {
    String yaml =
        """
        fleet:
          false_page_interval_steps: 20000
          detectors:
            DIVERGENCE: {enabled: true, severity: INFO, jump_spreads: 8, jump_persistence: 12}
            NON_FINITE: {enabled: false}
          clip: {rule: zclip, layers: false, raise: 0.5, headroom: 1, zclip_z: 3}
        projects:
          vision: {detectors: {LOSS_SPIKE: {severity: INFO}}}
        runs:
          vision/a/b: {clip: {validity_steps: 100}}
        """;

    List<PolicyDocument> documents =
        PolicyYaml.parse("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8), 0);

    assertThat(documents).hasSize(3);
    for (PolicyDocument document : documents) {
      assertThat(throughBytes(document)).isEqualTo(document);
    }
  }

  @ParameterizedTest
  @EnumSource(PolicyScope.class)
  void scopeNameAndTimeTravel(PolicyScope scope) throws Exception {
    String name =
        switch (scope) {
          case FLEET -> "default";
          case PROJECT -> "vision";
          case RUN -> "vision/r";
        };
    PolicyDocument document = new PolicyDocument(scope, name, 1_800_000_000_000L, Settings.NONE);

    assertThat(throughBytes(document)).isEqualTo(document);
  }

  @ParameterizedTest
  @EnumSource(Severity.class)
  void severitiesTravel(Severity severity) throws Exception {
    PolicyDocument document =
        PolicyDocument.ofFleet(Settings.NONE.with(AlarmKind.DIVERGENCE, severity));

    assertThat(throughBytes(document)).isEqualTo(document);
  }

  @ParameterizedTest
  @EnumSource(ClipRuleKind.class)
  void clipRulesTravel(ClipRuleKind rule) throws Exception {
    PolicyDocument document = PolicyDocument.ofFleet(Settings.NONE.withClip(rule));

    assertThat(throughBytes(document)).isEqualTo(document);
  }

  @Test
  void allThatIsWrongWithARecordIsSaid() {
    Policy record =
        Policy.newBuilder()
            .setName("vision")
            .setFalsePageIntervalSteps(Double.NaN)
            .setClipRule("autoclp")
            .setDetectors(
                Map.of(
                    "DIVERGENC", DetectorPolicy.newBuilder().build(),
                    "DIVERGENCE",
                        DetectorPolicy.newBuilder()
                            .setThresholds(Map.of("jump_spreads", Double.NaN))
                            .build()))
            .build();

    assertThatThrownBy(() -> PolicyMapper.toDocument(record))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessage(
            """
            detectors.DIVERGENC is no detector; did you mean DIVERGENCE?
            clip.rule is autoclp, it must be one of adaptive, fixed, autoclip, quantile, zclip, adagc; did you mean autoclip?
            false_page_interval_steps is NaN, it must be from 1000 to 100000000
            detectors.DIVERGENCE.jump_spreads is NaN, it must be above 0
            name of a FLEET policy is 'vision', it must be default""");
  }

  @Test
  void aProjectMayLeaveIncidentsButNotSayWhatOneIs() throws Exception {
    PolicyDocument off = project(Settings.NONE.with(AlarmKind.FLEET_INCIDENT, false));
    assertThat(throughBytes(off)).isEqualTo(off);

    Policy record =
        PolicyMapper.toRecord(
            project(
                Settings.NONE
                    .with(AlarmKind.FLEET_INCIDENT, "runs", 2)
                    .with(AlarmKind.FLEET_INCIDENT, Severity.INFO)));

    assertThatThrownBy(() -> PolicyMapper.toDocument(record))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessage(
            """
            detectors.FLEET_INCIDENT.severity is one for all runs: it must stand under the fleet
            detectors.FLEET_INCIDENT.runs is one for all runs: it must stand under the fleet""");
  }

  private static PolicyDocument project(Settings settings) {
    return new PolicyDocument(PolicyScope.PROJECT, "vision", 0, settings);
  }

  @ParameterizedTest
  @CsvSource({"PROJECT, Vision", "RUN, Vision/r", "PROJECT, a.b", "RUN, a b/r"})
  void aProjectThatCanHaveNoTopicsIsRefusedAsInAFile(PolicyScope scope, String name) {
    Policy record = PolicyMapper.toRecord(new PolicyDocument(scope, name, 0, Settings.NONE));

    assertThatThrownBy(() -> PolicyMapper.toDocument(record))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessage(
            "project is '%s', must be 1 to 64 lower-case letters, digits and dashes",
            name.replace("/r", ""));
  }

  private static PolicyDocument throughBytes(PolicyDocument document) throws Exception {
    return PolicyMapper.toDocument(CODEC.decode(CODEC.encode(PolicyMapper.toRecord(document))));
  }
}

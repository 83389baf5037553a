package io.gradwatch.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.policy.PolicyText.Remarked;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.wire.policy.InvalidPolicyException;
import io.gradwatch.wire.policy.PolicyYaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyTextTest {
  @Test
  void isReadAsWhatItWasWrittenFrom() throws InvalidPolicyException {
    Settings every = Settings.NONE.withFalsePageInterval(1e6).withClip(ClipRuleKind.ZCLIP);
    for (Setting setting : SettingsCatalog.all()) {
      AlarmKind kind = setting.kind();
      every =
          kind == null
              ? every.withClip(setting.name(), setting.standard())
              : every
                  .with(kind, setting.name(), setting.standard())
                  .with(kind, false)
                  .with(kind, Severity.WARNING);
    }
    List<PolicyDocument> documents =
        List.of(
            PolicyDocument.ofFleet(every),
            new PolicyDocument(PolicyScope.PROJECT, "vision", 0, Settings.NONE),
            new PolicyDocument(
                PolicyScope.RUN,
                "vision/a: \"b\"\n# x/\u202e",
                0,
                Settings.NONE.withClip("raise", 5e-7)));

    String text =
        PolicyText.of(
            documents.stream()
                .map(each -> new Remarked(each, "by\nfleet: 1", Map.of("clip.raise", "x\ny")))
                .toList());

    assertThat(PolicyYaml.parse("written", text.getBytes(UTF_8), 0)).isEqualTo(documents);
  }

  @Test
  void readsAsAPersonWouldWriteIt() {
    Settings settings =
        Settings.NONE
            .with(AlarmKind.DIVERGENCE, Severity.WARNING)
            .with(AlarmKind.LOSS_SPIKE, false)
            .with(AlarmKind.DIVERGENCE, "rise", 2)
            .withFalsePageInterval(1e6);

    assertThat(
            PolicyText.of(
                List.of(
                    new Remarked(
                        new PolicyDocument(PolicyScope.RUN, "p/r", 0, settings),
                        "by ann",
                        Map.of("detectors.DIVERGENCE.rise", "from fleet/default")))))
        .isEqualTo(
            """
            runs:
              # by ann
              "p/r":
                detectors:
                  DIVERGENCE:
                    rise: 2  # from fleet/default
                    severity: WARNING
                  LOSS_SPIKE:
                    enabled: false
                false_page_interval_steps: 1000000
            """);
  }
}

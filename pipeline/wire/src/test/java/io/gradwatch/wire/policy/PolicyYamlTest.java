package io.gradwatch.wire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.RunPolicy;
import io.gradwatch.core.policy.SageMakerRule;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyYamlTest {
  static final List<Setting> SETTINGS = SettingsCatalog.all();

  private static final String ALL_SCOPES =
      """
      # Everybody.
      fleet:
        false_page_interval_steps: 1e6
        detectors:
          DIVERGENCE: {enabled: true, severity: WARNING, jump_spreads: 8.5}
      projects:
        vision:
          detectors:
            LOSS_SPIKE:
              enabled: false
      runs:
        vision/run-7:
          clip: {headroom: -.5, validity_steps: 500}
        vision/a/b:
      """;

  @TempDir private Path folder;

  @Test
  void readsEveryScope() throws InvalidPolicyException {
    assertThat(parse(ALL_SCOPES))
        .containsExactly(
            PolicyDocument.ofFleet(
                Settings.NONE
                    .withFalsePageInterval(1e6)
                    .with(AlarmKind.DIVERGENCE, true)
                    .with(AlarmKind.DIVERGENCE, Severity.WARNING)
                    .with(AlarmKind.DIVERGENCE, "jump_spreads", 8.5)),
            new PolicyDocument(
                PolicyScope.PROJECT, "vision", 0, Settings.NONE.with(AlarmKind.LOSS_SPIKE, false)),
            new PolicyDocument(
                PolicyScope.RUN,
                "vision/run-7",
                0,
                Settings.NONE.withClip("headroom", -0.5).withClip("validity_steps", 500)),
            new PolicyDocument(PolicyScope.RUN, "vision/a/b", 0, Settings.NONE));
  }

  @Test
  void aRunInheritsFromItsProjectAndTheFleet() throws InvalidPolicyException {
    PolicyBook book = PolicyBook.of(parse(ALL_SCOPES));
    var policy = new RunPolicy(book, "vision", "run-7").at(0);

    assertThat(policy.divergence().jumpSpreads()).isEqualTo(8.5);
    assertThat(policy.divergence().detector().highest()).isEqualTo(Severity.WARNING);
    assertThat(policy.lossSpike().detector().enabled()).isFalse();
    assertThat(policy.clip().headroom()).isEqualTo(-0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing\n", "---\n", "{}", "fleet:\n", "\uFEFFfleet: ~"})
  void aFileWithNothingInItSetsNothing(String text) throws InvalidPolicyException {
    assertThat(parse(text)).allMatch(document -> document.settings().equals(Settings.NONE));
  }

  @Test
  void nullInherits() throws InvalidPolicyException {
    assertThat(
            parse(
                "fleet: {false_page_interval_steps: null, detectors: {DIVERGENCE: {enabled: ~,"
                    + " severity: null, rise: }}, clip: null}"))
        .allMatch(document -> document.settings().over(Settings.NONE).clip().isEmpty())
        .extracting(document -> document.settings().detector(AlarmKind.DIVERGENCE).thresholds())
        .allMatch(thresholds -> thresholds.isEmpty());
  }

  @ParameterizedTest
  @FieldSource("SETTINGS")
  void everySettingIsReachedByItsName(Setting setting) throws InvalidPolicyException {
    String number = setting.name() + ": " + setting.standard();
    String text =
        setting.kind() == null
            ? "fleet: {clip: {" + number + "}}"
            : "fleet: {detectors: {" + setting.kind() + ": {" + number + "}}}";

    Settings settings = parse(text).get(0).settings();

    assertThat(
            setting.kind() == null
                ? settings.clip()
                : settings.detector(setting.kind()).thresholds())
        .containsEntry(setting.name(), setting.standard());
  }

  @ParameterizedTest
  @EnumSource(ClipRuleKind.class)
  void everyClipRuleIsReachedByItsWord(ClipRuleKind rule) throws InvalidPolicyException {
    String text = "fleet: {clip: {rule: " + rule.word() + "}}";

    assertThat(parse(text).get(0).settings()).isEqualTo(Settings.NONE.withClip(rule));
  }

  @Test
  void aClipRuleMayBeLeftOutOrNullAndThenInherits() throws InvalidPolicyException {
    assertThat(parse("fleet: {clip: {rule: }}").get(0).settings().clipRule()).isNull();
    assertThat(parse("fleet: {clip: {raise: 1}}").get(0).settings().clipRule()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "zclp       | zclp    | ; did you mean zclip?",
        "ZClip      | ZClip   | ; did you mean zclip?",
        "percentile | percentile | ''",
        "2.5        | 2.5     | ''",
        "[zclip]    | a list  | ''"
      })
  void anUnknownClipRuleIsAnsweredWithItsLineAllRulesAndTheNearest(
      String written, String shown, String nearest) {
    assertErrors(
        "fleet:\n  clip:\n    raise: 1\n    rule: " + written + "\n",
        "policy.yaml:4: clip.rule is "
            + shown
            + ", it must be one of adaptive, fixed, autoclip, quantile, zclip, adagc"
            + nearest.replace("'", ""));
  }

  @Test
  void allErrorsAreSaidInTheOrderOfTheirLines() {
    assertErrors(
        """
        fleet:
          false_page_interval_steps: 999
          detectors:
            DIVERGENC: {enabled: true}
            DIVERGENCE:
              enable: true
              enabled: yes
              severity: FATAL
              jump_spreads: -1
              jump_spread: 7
              jump_persistence: 2.5
              rise: "0.1"
              drift_spreads: .nan
        projects:
          Vision:
            detector: {}
            clip: [1, 2]
        runs:
          run-7: {clip: {headroom: 5.1}}
        everybody: {}
        """,
        "policy.yaml:2: false_page_interval_steps is 999, it must be from 1000 to 100000000",
        "policy.yaml:4: detectors.DIVERGENC is no detector; did you mean DIVERGENCE?",
        "policy.yaml:6: detectors.DIVERGENCE.enable is no setting; did you mean enabled?",
        "policy.yaml:7: detectors.DIVERGENCE.enabled is yes, it must be true or false",
        "policy.yaml:8: detectors.DIVERGENCE.severity is FATAL, it must be INFO, WARNING or CRITICAL",
        "policy.yaml:9: detectors.DIVERGENCE.jump_spreads is -1, it must be above 0",
        "policy.yaml:10: detectors.DIVERGENCE.jump_spread is no setting; did you mean jump_spreads?",
        "policy.yaml:11: detectors.DIVERGENCE.jump_persistence is 2.5, it must be a whole number",
        "policy.yaml:12: detectors.DIVERGENCE.rise is '0.1', it must be a number",
        "policy.yaml:13: detectors.DIVERGENCE.drift_spreads is .nan, it must be a number",
        "policy.yaml:15: project is 'Vision', must be 1 to 64 lower-case letters, digits and dashes",
        "policy.yaml:16: detector is no setting; did you mean detectors?",
        "policy.yaml:17: clip is a list, it must be names with values",
        "policy.yaml:19: name of a RUN policy is 'run-7', it must be project/run",
        "policy.yaml:19: clip.headroom is 5.1, it must be from -5 to 5",
        "policy.yaml:20: everybody is no part of a policy file; known are fleet, projects, runs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".nan",
        ".inf",
        "-.inf",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "1e",
        "--1",
        "1d",
        "."
      })
  void whatIsNoDecimalNumberIsNoSetting(String number) {
    assertErrors(
        "fleet: {clip: {raise: " + number + "}}",
        "policy.yaml:1: clip.raise is " + number + ", it must be a number");
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0", "True, 1", "FALSE, 0", "1, 1", "0, 0", "0.0, 0"})
  void aSwitchIsTrueOrFalseOrTheNumberThatItIsInARecord(String text, double number)
      throws InvalidPolicyException {
    assertThat(parse("fleet: {clip: {layers: " + text + "}}").get(0).settings())
        .isEqualTo(Settings.NONE.withClip("layers", number));
  }

  @Test
  void aSwitchThatIsNullInherits() throws InvalidPolicyException {
    assertThat(parse("fleet: {clip: {layers: , components: ~}}").get(0).settings())
        .isEqualTo(Settings.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "0.5", "-1", "no", "off", "tRUE", "'true'", "'1'", ".nan"})
  void whatIsNeitherTrueNorFalseIsNoSwitch(String text) {
    assertErrors(
        "fleet: {clip: {components: " + text + "}}",
        "policy.yaml:1: clip.components is " + text + ", it must be true or false");
  }

  @Test
  void onlyASwitchIsTrueOrFalse() {
    assertErrors(
        "fleet: {clip: {raise: true, validity_steps: false}}",
        "policy.yaml:1: clip.raise is true, it must be a number",
        "policy.yaml:1: clip.validity_steps is false, it must be a number");
  }

  @Test
  void rulesOfSageMakerDebuggerSetTheDetectorsThatSeeTheSame() throws InvalidPolicyException {
    Settings settings =
        parse(
                """
                fleet:
                  rules:
                    WeightUpdateRatio: {large_threshold: 0.25}
                    UnchangedTensor:
                  detectors:
                    FROZEN_UPDATES: {persistence: 7}
                """)
            .get(0)
            .settings();

    assertThat(settings.detector(AlarmKind.FROZEN_UPDATES).enabled()).isTrue();
    assertThat(settings.detector(AlarmKind.FROZEN_UPDATES).thresholds())
        .isEqualTo(Map.of("most", 0.25, "least", 1e-5, "persistence", 7.0));
  }

  @Test
  void everyRuleIsTakenWithoutParameters() throws InvalidPolicyException {
    for (SageMakerRule rule : SageMakerRule.ALL) {
      assertThat(parse("fleet: {rules: {" + rule.name() + ": {}}}").get(0).settings())
          .isEqualTo(rule.settings(Map.of()));
    }
  }

  @Test
  void whatIsWrongWithARuleIsToldInItsLine() {
    assertErrors(
        """
        fleet:
          rules:
            VanishingGradients: {}
            VanishingGradient:
              threshold: 0.0000001
            Overfit:
              patient: 3
              patience: 1.5
              ratio_threshold: -2
            AllZero: {threshold: many, tensor_regex: ".*"}
        """,
        "policy.yaml:3: rules.VanishingGradients is no rule; did you mean VanishingGradient?",
        "policy.yaml:5: rules.VanishingGradient.threshold means nothing here, leave it out: layers"
            + " are compared with each other; set detectors.VANISHING_GRADIENT.fall",
        "policy.yaml:7: rules.Overfit.patient is no parameter; did you mean patience?",
        "policy.yaml:8: detectors.OVERFITTING.persistence is 1.5, it must be a whole number",
        "policy.yaml:9: detectors.OVERFITTING.rise is NaN, it must be above 0",
        "policy.yaml:10: rules.AllZero.threshold is many, it must be a number",
        "policy.yaml:10: rules.AllZero.tensor_regex means nothing here, leave it out: each detector"
            + " has its own series");
  }

  @Test
  void whatAnIncidentIsStandsUnderTheFleet() throws InvalidPolicyException {
    assertErrors(
        "projects:\n  vision:\n    detectors:\n      FLEET_INCIDENT:\n        runs: 2\n",
        "policy.yaml:5: detectors.FLEET_INCIDENT.runs is one for all runs: it must stand under the"
            + " fleet");
    assertErrors(
        "runs:\n  vision/r:\n    detectors:\n      FLEET_INCIDENT: {share: 1}\n",
        "policy.yaml:4: detectors.FLEET_INCIDENT.share is one for all runs: it must stand under the"
            + " fleet");
  }

  @Test
  void aNameThatComesTwiceIsRefused() {
    assertErrors(
        "fleet:\n  clip: {raise: 1}\n  clip: {raise: 2}\n",
        "policy.yaml:3: clip is set twice, first in line 2");
    assertErrors(
        "projects:\n  vision: {}\n  vision: {}\n",
        "policy.yaml:3: vision is set twice, first in line 2");
  }

  @Test
  void anchorsAliasesTagsAndFurtherDocumentsAreRefused() {
    assertErrors(
        "fleet: &all {}\nprojects:\n  vision: *all\n",
        "policy.yaml:1: anchors are not accepted, write the value where it is needed",
        "policy.yaml:3: aliases are not accepted, write the value out");
    assertErrors("fleet: !!java.net.URL {}\n", "policy.yaml:1: tags are not accepted");
    assertErrors(
        "fleet: {}\n---\nfleet: {}\n", "policy.yaml:3: a second document begins, a file holds one");
    assertErrors(
        "? [a]\n: 1\n? {b: c}\n: 1\n",
        "policy.yaml:1: a name is a list, it must be a word",
        "policy.yaml:3: a name is a mapping, it must be a word");
  }

  @Test
  void aBombOfAliasesTakesNoTime() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> parse(bomb.toString())).isInstanceOf(InvalidPolicyException.class);
  }

  @Test
  void nestingIsBounded() {
    int depth = YamlParser.MAX_DEPTH;
    assertThat(errors("{a: ".repeat(depth) + "}".repeat(depth)))
        .noneMatch(error -> error.contains("deep"));
    assertThat(errors("{a: ".repeat(depth + 1) + "}".repeat(depth + 1)))
        .containsExactly("policy.yaml:1: is nested more than 8 levels deep");
    assertThat(errors("[".repeat(PolicyYaml.MAX_BYTES)))
        .containsExactly("policy.yaml:1: is nested more than 8 levels deep");
    assertThat(errors("{a: ".repeat(PolicyYaml.MAX_BYTES / 4)))
        .containsExactly("policy.yaml:1: is nested more than 8 levels deep");
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() {
    assertThat(errors("fleet:\n  clip: {raise: 1\n"))
        .singleElement()
        .asString()
        .startsWith("policy.yaml:3: is no YAML: ");
    assertThat(errors("fleet:\n\tclip: {}\n"))
        .singleElement()
        .asString()
        .startsWith("policy.yaml:2: is no YAML: ");
    assertErrors("[]", "policy.yaml:1: a policy file is a list, it must be names with values");
    assertErrors("fleet", "policy.yaml:1: a policy file is fleet, it must be names with values");
    assertThat(errors("fleet: \u0001")).hasSize(1);
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThatThrownBy(() -> PolicyYaml.parse("policy.yaml", new byte[] {(byte) 0xff}, 0))
        .hasMessage("policy.yaml:1: is not UTF-8");
  }

  @Test
  void lengthIsBounded() throws IOException, InvalidPolicyException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(file, "#".repeat(PolicyYaml.MAX_BYTES));
    assertThat(PolicyYaml.read(file, 0)).isEmpty();

    Files.writeString(file, "#".repeat(PolicyYaml.MAX_BYTES + 1));
    assertThatThrownBy(() -> PolicyYaml.read(file, 0))
        .hasMessage("policy.yaml:1: is longer than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T12:00:00Z, 1795262400000",
    "2026-11-21T13:00:00.5+01:00, 1795262400500",
    "'''1795262400000''', 1795262400000",
    "0, 0",
    "253402300799999, 253402300799999",
    "~, 42"
  })
  void aScopeMaySayFromWhenOnItHolds(String text, long millis) throws Exception {
    byte[] yaml =
        "fleet: {effective_at: %s, clip: {raise: 1}}\nprojects: {vision: {}}\n"
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8);

    assertThat(PolicyYaml.parse("policy.yaml", yaml, 42))
        .extracting(PolicyDocument::effectiveAt)
        .containsExactly(millis, 42L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tomorrow",
        "2026-11-21",
        "2026-11-21T12:00:00",
        "-1",
        "1e9",
        "253402300800000",
        "99999999999999999999",
        "+999999999-01-01T00:00:00Z",
        "{}"
      })
  void whatIsNoTimeIsRefusedWithItsLine(String text) {
    assertThat(errors("fleet:\n  effective_at: " + text))
        .singleElement()
        .satisfies(
            error ->
                assertThat(error)
                    .startsWith("policy.yaml:2: effective_at is ")
                    .endsWith(", it must be " + EffectiveAt.BOUND));
  }

  @Test
  void aFileFullOfErrorsSaysAHundred() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      text.append("x").append(i).append(": 1\n");
    }
    assertThat(errors(text.toString()))
        .hasSize(101)
        .last()
        .isEqualTo("policy.yaml: 50 more errors");
  }

  private static List<PolicyDocument> parse(String text) throws InvalidPolicyException {
    return PolicyYaml.parse("policy.yaml", text.getBytes(StandardCharsets.UTF_8), 0);
  }

  private static List<String> errors(String text) {
    return catchThrowableOfType(InvalidPolicyException.class, () -> parse(text)).errors();
  }

  private static void assertErrors(String text, String... errors) {
    assertThat(errors(text)).containsExactly(errors);
  }
}

package io.gradwatch.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.CommandRun;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.SettingsCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
  @TempDir private Path folder;

  @Test
  void checkPrintsWhatEachScopeComesTo() throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(
        file,
        """
        fleet:
          detectors: {NON_FINITE: {severity: WARNING, persistence: 3}}
        projects:
          vision: {clip: {rule: zclip, headroom: 1, layers: false, components: true}}
        runs:
          vision/r: {detectors: {NON_FINITE: {enabled: false, persistence: 2}}}
        """);

    CommandRun run = CommandRun.of("policy", "check", file.toString());

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "FLEET default",
            " detectors.NON_FINITE.severity WARNING default CRITICAL",
            " detectors.NON_FINITE.persistence 3 default 2",
            "PROJECT vision",
            " detectors.NON_FINITE.severity WARNING default CRITICAL",
            " detectors.NON_FINITE.persistence 3 default 2",
            " clip.rule zclip default adaptive",
            " clip.headroom 1 default 0.7",
            " clip.layers false default true",
            "RUN vision/r",
            " detectors.NON_FINITE.enabled false default true",
            " detectors.NON_FINITE.severity WARNING default CRITICAL",
            " clip.rule zclip default adaptive",
            " clip.headroom 1 default 0.7",
            " clip.layers false default true");
  }

  @Test
  void checkShowsWhatFollowsTheRateOfFalsePages() throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(file, "fleet: {false_page_interval_steps: 8e5}\n");

    CommandRun run = CommandRun.of("policy", "check", file.toString());

    assertThat(run.out())
        .containsPattern("false_page_interval_steps +800000 +default ")
        .containsPattern("detectors.DIVERGENCE.jump_spreads +\\d+\\.\\d{1,5} ")
        .doesNotContain("_persistence");
  }

  @Test
  void checkSaysAllErrorsWithTheirLines() throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(file, "fleet:\n  clip: {raise: 0}\nflet: {}\n");

    CommandRun run = CommandRun.of("policy", "check", file.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .containsExactly(
            "policy.yaml:2: clip.raise is 0, it must be above 0",
            "policy.yaml:3: flet is no part of a policy file; did you mean fleet?");
  }

  @Test
  void validateSaysAllErrorsOfAllFiles() throws IOException {
    Path good = folder.resolve("good.yaml");
    Path bad = folder.resolve("bad.yaml");
    Files.writeString(good, "fleet: {clip: {raise: 1}}\n");
    Files.writeString(bad, "fleet:\n  clip: {raise: 0}\nflet: {}\n");

    CommandRun run = CommandRun.of("policy", "validate", bad.toString(), good.toString());
    CommandRun absent = CommandRun.of("policy", "validate", folder.resolve("no.yaml").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out().lines()).containsExactly(good + ": 1 policy, all valid");
    assertThat(run.err().lines())
        .containsExactly(
            "bad.yaml:2: clip.raise is 0, it must be above 0",
            "bad.yaml:3: flet is no part of a policy file; did you mean fleet?");
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.err()).contains("there is no such file");
  }

  @Test
  void settingsListsEverySetting() {
    CommandRun run = CommandRun.of("policy", "settings");

    assertThat(run.code()).isZero();
    for (Setting setting : SettingsCatalog.all()) {
      assertThat(run.out())
          .containsPattern(
              "(?m)^  \\Q" + setting.path() + "\\E +\\S+( \\*)? +\\Q" + setting.allowed());
    }
    assertThat(run.out()).contains("false_page_interval_steps", "detectors.LOSS_SPIKE.enabled");
    assertThat(run.out()).containsPattern("clip.layers +true +true or false");
    assertThat(run.out()).containsPattern("clip.rule +adaptive +one of adaptive, .*zclip");
  }

  @Test
  void aCommandIsNeeded() {
    assertThat(CommandRun.of("policy").code()).isEqualTo(2);
    assertThat(CommandRun.of("policy", "check").code()).isEqualTo(2);
  }
}

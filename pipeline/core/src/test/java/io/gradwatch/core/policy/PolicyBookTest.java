package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyBookTest {
  private static final AlarmKind KIND = AlarmKind.DIVERGENCE;

  @Test
  void nothingSetIsTheDefaultForEveryRun() {
    assertThat(new RunPolicy(PolicyBook.empty(), "vision", "r1").at(0))
        .isEqualTo(Policy.defaults());
  }

  @Test
  void aRunInheritsFromItsProjectAndTheFleetFieldByField() {
    PolicyBook book =
        PolicyBook.of(
            List.of(
                run("vision/r1", 0, Settings.NONE.with(KIND, "jump_spreads", 3)),
                project("vision", 0, jumps(2).with(KIND, "drift_spreads", 2.5)),
                PolicyDocument.ofFleet(
                    jumps(1).with(KIND, "drift_spreads", 1.5).with(KIND, "rise", 0.7))));

    assertThat(divergence(book, "vision", "r1"))
        .returns(3.0, DivergencePolicy::jumpSpreads)
        .returns(2.5, DivergencePolicy::driftSpreads)
        .returns(0.7, DivergencePolicy::rise);
    assertThat(divergence(book, "vision", "r2").jumpSpreads()).isEqualTo(2);
    assertThat(divergence(book, "speech", "r1").jumpSpreads()).isEqualTo(1);
    assertThat(divergence(book, "speech", "r1").jumpPersistence())
        .isEqualTo(Policy.defaults().divergence().jumpPersistence());
  }

  @Test
  void aProjectNamedLikeARunOrTheFleetIsNeither() {
    PolicyBook book = PolicyBook.of(List.of(project("default", 0, jumps(2))));

    assertThat(divergence(book, "vision", "default")).isEqualTo(Policy.defaults().divergence());
    assertThat(divergence(book, "default", "r1").jumpSpreads()).isEqualTo(2);
  }

  @Test
  void aRunIdMayHoldSlashes() {
    PolicyBook book = PolicyBook.of(List.of(run("vision/a/b", 0, jumps(2))));

    assertThat(divergence(book, "vision", "a/b").jumpSpreads()).isEqualTo(2);
  }

  @Test
  void aDocumentTakesEffectAtTheFirstEventEmittedThenOrLaterAndStays() {
    PolicyBook book =
        PolicyBook.of(
            List.of(
                PolicyDocument.ofFleet(jumps(1)),
                project("vision", 1_000, jumps(2)),
                run("vision/r1", 2_000, jumps(3))));
    RunPolicy policy = new RunPolicy(book, "vision", "r1");

    assertThat(policy.at(999).divergence().jumpSpreads()).isEqualTo(1);
    assertThat(policy.at(1_000).divergence().jumpSpreads()).isEqualTo(2);
    assertThat(policy.at(500).divergence().jumpSpreads()).isEqualTo(2);
    assertThat(policy.at(1_999).divergence().jumpSpreads()).isEqualTo(2);
    assertThat(policy.at(2_000).divergence().jumpSpreads()).isEqualTo(3);
    assertThat(policy.at(2_001)).isSameAs(policy.at(0));
  }

  @Test
  void aRunThatBeginsLateHasWhatIsInEffectThen() {
    PolicyBook book =
        PolicyBook.of(
            List.of(PolicyDocument.ofFleet(jumps(1)), project("vision", 1_000, jumps(2))));

    assertThat(new RunPolicy(book, "vision", "r1").at(5_000).divergence().jumpSpreads())
        .isEqualTo(2);
  }

  @Test
  void ofSeveralVersionsEachHasItsTimeAndOfOneTimeTheLaterCounts() {
    PolicyBook book =
        PolicyBook.of(
            List.of(
                project("vision", 1_000, jumps(1)),
                project("vision", 1_000, jumps(2)),
                project("vision", 2_000, jumps(3))));
    RunPolicy policy = new RunPolicy(book, "vision", "r1");

    assertThat(policy.at(999)).isEqualTo(Policy.defaults());
    assertThat(policy.at(1_500).divergence().jumpSpreads()).isEqualTo(2);
    assertThat(policy.at(2_500).divergence().jumpSpreads()).isEqualTo(3);
  }

  @Test
  void whatIsPublishedLaterReplacesWhatWasPlannedForAfterIt() {
    PolicyBook planned =
        PolicyBook.of(
            List.of(project("vision", 1_000, jumps(1)), project("vision", 3_000, jumps(3))));
    PolicyBook replaced = planned.with(List.of(project("vision", 2_000, jumps(2))));

    RunPolicy before = new RunPolicy(planned, "vision", "r1");
    assertThat(before.at(2_500).divergence().jumpSpreads()).isEqualTo(1);
    assertThat(before.at(3_500).divergence().jumpSpreads()).isEqualTo(3);
    RunPolicy after = new RunPolicy(replaced, "vision", "r1");
    assertThat(after.at(1_500).divergence().jumpSpreads()).isEqualTo(1);
    assertThat(after.at(2_500).divergence().jumpSpreads()).isEqualTo(2);
    assertThat(after.at(3_500).divergence().jumpSpreads()).isEqualTo(2);
  }

  @Test
  void aDocumentThatSetsNothingEndsWhatWasSet() {
    PolicyBook book =
        PolicyBook.of(List.of(project("vision", 1_000, jumps(1))))
            .with(List.of(project("vision", 2_000, Settings.NONE)));
    RunPolicy policy = new RunPolicy(book, "vision", "r1");

    assertThat(policy.at(1_999).divergence().jumpSpreads()).isEqualTo(1);
    assertThat(policy.at(2_000)).isEqualTo(Policy.defaults());
  }

  @Test
  void theOldestVersionsGoWhenThereAreTooMany() {
    PolicyBook book = PolicyBook.empty();
    for (int i = 0; i <= PolicyBook.MAX_VERSIONS; i++) {
      book = book.with(List.of(project("vision", 1_000L * i, jumps(1 + i))));
    }

    assertThat(new RunPolicy(book, "vision", "r1").at(999)).isEqualTo(Policy.defaults());
    assertThat(new RunPolicy(book, "vision", "r2").at(1_000).divergence().jumpSpreads())
        .isEqualTo(2);
  }

  @Test
  void aBookStaysAsItIsWhenAnotherIsMadeOfIt() {
    PolicyBook book = PolicyBook.of(List.of(project("vision", 0, jumps(1))));

    assertThat(book.with(List.of(project("vision", 0, jumps(2)))).isEmpty()).isFalse();
    assertThat(divergence(book, "vision", "r1").jumpSpreads()).isEqualTo(1);
    assertThat(PolicyBook.empty().with(List.of(project("vision", 0, jumps(2)))).isEmpty())
        .isFalse();
    assertThat(PolicyBook.empty().isEmpty()).isTrue();
  }

  @Test
  void problemsOfADocumentMoreAreSaid() {
    assertThatThrownBy(
            () -> PolicyBook.empty().with(List.of(project("vision", 0, jumps(Double.NaN)))))
        .hasMessage("project/vision: detectors.DIVERGENCE.jump_spreads is NaN, it must be above 0");
  }

  @Test
  void allProblemsOfAllDocumentsAreSaid() {
    assertThatThrownBy(
            () ->
                PolicyBook.of(
                    List.of(PolicyDocument.ofFleet(jumps(-1)), run("vision/r1", 0, jumps(0)))))
        .hasMessage(
            "fleet/default: detectors.DIVERGENCE.jump_spreads is -1, it must be above 0\n"
                + "run/vision/r1: detectors.DIVERGENCE.jump_spreads is 0, it must be above 0");
  }

  @ParameterizedTest
  @CsvSource({
    "FLEET, vision",
    "PROJECT, vision/r1",
    "PROJECT, ' '",
    "RUN, vision",
    "RUN, /r1",
    "RUN, vision/"
  })
  void aNameThatDoesNotFitItsScopeIsRefused(PolicyScope scope, String name) {
    assertThatThrownBy(() -> new PolicyDocument(scope, name, 0, Settings.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet/default", "project/vision", "run/vision/r1", "run/vision/a/b"})
  void aKeySaysWhichDocumentItIs(String key) {
    PolicyDocument document = PolicyDocument.ofKey(key, 7, jumps(1));

    assertThat(document.key()).isEqualTo(key);
    assertThat(document.effectiveAt()).isEqualTo(7);
    assertThat(document.at(8).effectiveAt()).isEqualTo(8);
    assertThat(document.at(8).settings()).isEqualTo(document.settings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fleet", "fleet/", "fleet/all", "project/", "run/vision", "team/a"})
  void whatIsNoKeyIsRefused(String key) {
    assertThatThrownBy(() -> PolicyDocument.ofKey(key, 0, Settings.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it must be ");
  }

  private static DivergencePolicy divergence(PolicyBook book, String project, String runId) {
    return new RunPolicy(book, project, runId).at(0).divergence();
  }

  private static Settings jumps(double spreads) {
    return Settings.NONE.with(KIND, "jump_spreads", spreads);
  }

  private static PolicyDocument project(String name, long effectiveAt, Settings settings) {
    return new PolicyDocument(PolicyScope.PROJECT, name, effectiveAt, settings);
  }

  private static PolicyDocument run(String name, long effectiveAt, Settings settings) {
    return new PolicyDocument(PolicyScope.RUN, name, effectiveAt, settings);
  }
}

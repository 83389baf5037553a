package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.ClipRecommendation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class NewestAdviceTest {
  private final NewestAdvice newest =
      new NewestAdvice(
          "default", "run", 1, new SparseLog(LoggerFactory.getLogger("test"), System::nanoTime));

  @Test
  void keepsTheNewestOfTheNewestAttempt() {
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.6, 1, 150));
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.6, 1, 150));
    assertThat(newest.get()).isEqualTo(Advice.of(0.6, 1, 150));

    accept(Advice.of(0.7, 2, 50));
    accept(Advice.of(0.8, 1, 300));
    assertThat(newest.get()).as("a rewound run").isEqualTo(Advice.of(0.7, 2, 50));
    assertThat(newest.stats(true)).isEqualTo(new AdvisorStats(3, 3, 0, true));
  }

  @Test
  void passesOverEarlierAttempts() {
    accept(Advice.of(0.5, 0, 100));

    assertThat(newest.get()).isNull();
    assertThat(newest.stats(false)).isEqualTo(new AdvisorStats(0, 1, 0, false));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, -1})
  void refusesThresholdsThatCannotBe(double threshold) {
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(threshold, 1, 150));

    assertThat(newest.get()).isEqualTo(Advice.of(0.5, 1, 100));
    assertThat(newest.stats(true).refused()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsForOthersOrNoRecommendation() {
    ClipRecommendation otherRun = Advice.of(0.5, 1, 100);
    otherRun.setRunId("another");
    ClipRecommendation otherProject = Advice.of(0.5, 1, 100);
    otherProject.setProject("another");

    accept(otherRun);
    accept(otherProject);
    newest.accept(new byte[0]);
    newest.accept(new byte[] {1, 2, 3});

    assertThat(newest.get()).isNull();
    assertThat(newest.stats(true).refused()).isEqualTo(4);
  }

  @Test
  void forgetsAllAtATombstone() {
    accept(Advice.of(0.5, 1, 100));
    newest.accept(null);

    assertThat(newest.get()).isNull();
  }

  private void accept(ClipRecommendation advice) {
    newest.accept(Advice.bytes(advice));
  }
}

package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class NewestAdviceTest {
  private final NewestAdvice newest =
      new NewestAdvice(
          new AdviceTerms("default", "run", 1, 1_000),
          RecordCodec.of(ClipRecommendation.class),
          new SparseLog(LoggerFactory.getLogger("test"), System::nanoTime));

  @Test
  void saysNothingOfARecordWhoseRegistryIsAway() {
    SchemaRegistry away =
        new SchemaRegistry() {
          @Override
          public String schema(int id) {
            throw new UncheckedIOException(new IOException("away"));
          }

          @Override
          public int id(String subject, Schema schema) {
            throw new AssertionError("nothing is written");
          }
        };
    NewestAdvice asking =
        new NewestAdvice(
            new AdviceTerms("default", "run", 1, 1_000),
            RecordCodec.reading(ClipRecommendation.class, away),
            new SparseLog(LoggerFactory.getLogger("test"), System::nanoTime));

    assertThatThrownBy(() -> asking.accept(new byte[] {0, 0, 0, 0, 1, 2}))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(asking.refused()).isZero();
    newest.accept(new byte[] {0, 0, 0, 0, 1, 2});
    assertThat(newest.refused()).isEqualTo(1);
  }

  @Test
  void keepsTheNewest() {
    newest.at(160);
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.6, 1, 150));
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.6, 1, 150));

    assertThat(newest.at(160)).isEqualTo(Advice.of(0.6, 1, 150));
    assertThat(newest.accepted()).isEqualTo(2);
    assertThat(newest.outdated()).isEqualTo(2);
  }

  @Test
  void keepsTheLastOfThoseReadBeforeTheFirstStep() {
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.6, 1, 150));
    accept(Advice.of(0.6, 1, 150));

    assertThat(newest.inForce()).isNull();
    assertThat(newest.at(149)).isNull();
    assertThat(newest.at(150)).isEqualTo(Advice.of(0.6, 1, 150));
    assertThat(newest.inForce()).isEqualTo(Advice.of(0.6, 1, 150));
    assertThat(newest.outdated()).as("the repetition").isEqualTo(1);
  }

  @Test
  void letsAdviceFromAStepToComeWaitForIt() {
    newest.at(120);
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.6, 1, 130));

    assertThat(newest.at(129)).isEqualTo(Advice.of(0.5, 1, 100));
    accept(Advice.of(0.7, 1, 129));
    assertThat(newest.at(129)).isEqualTo(Advice.of(0.7, 1, 129));
    assertThat(newest.at(130)).isEqualTo(Advice.of(0.6, 1, 130));
    accept(Advice.of(0.8, 1, 125));
    assertThat(newest.at(130)).as("older").isEqualTo(Advice.of(0.6, 1, 130));
    accept(Advice.of(0.9, 1, 140));
    assertThat(newest.at(139)).isEqualTo(Advice.of(0.6, 1, 130));
    assertThat(newest.at(140)).isEqualTo(Advice.of(0.9, 1, 140));
  }

  @Test
  void usesNothingFromLaterStepsOnceTheTrainerHasGoneBack() {
    newest.at(120);
    accept(Advice.of(0.5, 1, 100));

    assertThat(newest.at(99)).isNull();
    assertThat(newest.at(100)).isNotNull();
  }

  @Test
  void passesOverOtherAttempts() {
    accept(Advice.of(0.5, 0, 100));
    accept(Advice.of(0.5, 2, 100));

    assertThat(newest.at(100)).isNull();
    assertThat(newest.accepted()).isZero();
    assertThat(newest.outdated()).isEqualTo(1);
    assertThat(newest.refused()).isEqualTo(1);
  }

  @Test
  void refusesStepsThatCannotBe() {
    accept(Advice.of(0.5, 1, -1));
    accept(Advice.of(0.5, 1, Long.MIN_VALUE));

    assertThat(newest.at(0)).isNull();
    assertThat(newest.refused()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, -1})
  void refusesThresholdsThatCannotBe(double threshold) {
    accept(Advice.of(0.5, 1, 100));
    accept(Advice.of(threshold, 1, 150));

    assertThat(newest.at(100)).isEqualTo(Advice.of(0.5, 1, 100));
    assertThat(newest.refused()).isEqualTo(1);
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

    assertThat(newest.at(100)).isNull();
    assertThat(newest.refused()).isEqualTo(4);
  }

  @Test
  void forgetsAllAtATombstone() {
    accept(Advice.of(0.5, 1, 100));
    newest.accept(null);

    assertThat(newest.at(100)).isNull();
  }

  private void accept(ClipRecommendation advice) {
    newest.accept(Advice.bytes(advice));
  }
}

package io.gradwatch.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gradwatch.records.ClipRecommendation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class AdvisorTest {
  private static final String TOPIC = "gradwatch.recommendations.v1.default";
  private static final double OWN = 123;

  @SuppressWarnings("UnusedVariable") // @FieldSource reads it
  private static final List<RuntimeException> FAILURES =
      List.of(new KafkaException("gone"), new IllegalStateException("gone"));

  private Advisor advisor;

  @AfterEach
  void close() {
    if (advisor != null) {
      advisor.close();
    }
  }

  @Test
  void followsWhatItReads() {
    advise(Advice.of(0.5));

    assertThat(advisor.clipThreshold(100, 1)).isEqualTo(0.5);
    assertThat(advisor.recommendation()).isEqualTo(Advice.of(0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "shadow"})
  void readsButDoesNotFollowWhereTheEnvironmentSaysSo(String variable) {
    advisor = builder().environment(variable).advisor(() -> consumer(Advice.bytes(Advice.of(0.5))));
    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();

    advisor.enable();

    assertThat(advisor.stats().accepted()).isEqualTo(1);
    assertThat(advisor.clipThreshold(100, 1, OWN)).isEqualTo(OWN);
  }

  @ParameterizedTest
  @CsvSource({"true, on, 1", "true, shadow, 1", "true, off, 0", "false, shadow, 1"})
  void countsInShadowWhoeverAskedForIt(boolean shadow, String variable, long steps) {
    advisor =
        builder()
            .shadow(shadow)
            .environment(variable)
            .advisor(() -> consumer(Advice.bytes(Advice.of(0.5))));
    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();

    assertThat(advisor.clipThreshold(100, 1, OWN)).isEqualTo(OWN);
    assertThat(advisor.stats().advice().steps()).isEqualTo(steps);
  }

  @Test
  void keepsToTheTrainersLimitOfStaleness() {
    advisor = builder().staleAfterSteps(1).advisor(() -> consumer(Advice.bytes(Advice.of(0.5))));
    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();

    assertThat(advisor.clipThreshold(101, 1, OWN)).isEqualTo(0.5);
    assertThat(advisor.clipThreshold(102, 1, OWN)).isEqualTo(OWN);
  }

  @Test
  void readsOnlyRecordsOfItsRun() {
    advisor =
        builder()
            .advisor(
                () ->
                    consumer(
                        Map.entry("another", Advice.bytes(Advice.of(0.25))),
                        Map.entry("run", Advice.bytes(Advice.of(0.5)))));

    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();
    assertThat(advisor.clipThreshold(100, 1)).isEqualTo(0.5);
    assertThat(advisor.stats().accepted()).isEqualTo(1);
    assertThat(advisor.stats().refused()).isZero();
  }

  @ParameterizedTest
  @FieldSource("FAILURES")
  void connectsAgainAfterAFailure(RuntimeException failure) {
    MockConsumer<byte[], byte[]> failing = consumerOf(1);
    failing.schedulePollTask(
        () -> {
          throw failure;
        });
    ArrayDeque<Consumer<byte[], byte[]>> consumers =
        new ArrayDeque<>(List.of(failing, consumer(Advice.bytes(Advice.of(0.75)))));
    advisor = builder().reconnect(Duration.ZERO).advisor(consumers::remove);

    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();
    assertThat(failing.closed()).isTrue();
    assertThat(advisor.clipThreshold(100, 1)).isEqualTo(0.75);
  }

  @Test
  void guardsWhenThereIsNothingToRead() {
    advisor =
        builder()
            .advisor(
                () -> {
                  throw new KafkaException("no resolvable bootstrap servers");
                });

    advisor.clipThreshold(0, 3);
    assertThat(advisor.clipThreshold(1, 1)).isEqualTo(3);
    assertThat(advisor.clipThreshold(1, 1, OWN)).isEqualTo(OWN);
    assertThat(advisor.stats().reading()).isFalse();
  }

  @Test
  void refusesSettingsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().bounds(0, 1))
        .withMessage("floor is 0.0 and ceiling is 1.0, must be 0 < floor <= ceiling < infinity");
    assertThatIllegalArgumentException().isThrownBy(() -> Advisor.builder().bounds(2, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().runId(" "))
        .withMessage("run id is ' ', must be 1 to 256 bytes that show");
    assertThatIllegalArgumentException().isThrownBy(() -> Advisor.builder().bounds(Double.NaN, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().bounds(1, Double.POSITIVE_INFINITY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().bootstrapServers("localhost:1").bounds(1, 2).build())
        .withMessage("the run id is not set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().bootstrapServers("localhost:1").runId("a").build())
        .withMessage("the bounds of the threshold are not set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().runId("a").bounds(1, 2).build())
        .withMessage("bootstrap servers are not set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().staleAfterSteps(0))
        .withMessage("staleAfterSteps is 0, must be at least 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesFloorsOfTheLearningRateThatCannotBe(double floor) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advisor.builder().learningRateFloor(floor))
        .withMessage("learningRateFloor is " + floor + ", must be above 0 and at most 1");
  }

  @Test
  void refusesBoundsOfLayersAndComponentsThatCannotBe() {
    assertThatIllegalArgumentException().isThrownBy(() -> Advisor.builder().layerBounds(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Advisor.builder().valueBounds(2, 1));
  }

  @Test
  void takesOtherAdviceWithinTheBoundsItWasBuiltWith() {
    advisor =
        builder()
            .layerBounds(0.5, 2)
            .valueBounds(0.25, 3)
            .learningRateFloor(0.75)
            .advisor(() -> consumer(Advice.bytes(Advice.ofAllKinds())));
    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();

    assertThat(advisor.learningRateFactor(100)).isEqualTo(0.75);
    assertThat(advisor.layerThreshold(100, 0, OWN)).isEqualTo(0.5);
    assertThat(advisor.clipValue(100, OWN)).isEqualTo(0.25);
    assertThat(advisor.rollbackStep(100)).isEqualTo(90);
  }

  @Test
  void lowersTheLearningRateToATenthAndTakesNoAdviceOnScopesUnlessBuiltTo() {
    ClipRecommendation advice = Advice.ofAllKinds();
    advice.setLearningRateFactor(0.0);
    advise(advice);

    assertThat(advisor.learningRateFactor(100)).isEqualTo(0.1);
    assertThat(advisor.layerThreshold(100, 0, OWN)).isEqualTo(OWN);
    assertThat(advisor.clipValue(100, OWN)).isEqualTo(OWN);
  }

  @Test
  void refusesThePublisherOfAnotherProjectRunOrAttempt() {
    try (StepPublisher publisher =
        new StepPublisher(
            StepPublisher.builder().publisher(Publishing::producer), "run", 1, null, () -> 7L)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().feedback(publisher).advisor(() -> consumerOf(0)))
          .withMessage(
              "the publisher given for feedback is not of project 'default', run 'run', attempt 0:"
                  + " build it with the same");
      List<AdvisorBuilder> others =
          List.of(builder().attempt(1).project("another"), builder().attempt(1).runId("another"));
      for (AdvisorBuilder other : others) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> other.feedback(publisher).advisor(() -> consumerOf(0)))
            .withMessageContaining("another");
      }
      advisor = builder().attempt(1).feedback(publisher).advisor(() -> consumerOf(0));
    }
  }

  @Test
  void connectsAgainWhenTheClientCannotBeMade() {
    AtomicInteger tries = new AtomicInteger();
    advisor =
        builder()
            .reconnect(Duration.ZERO)
            .advisor(
                () -> {
                  if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("a plugged-in class is missing");
                  }
                  return consumer(Advice.bytes(Advice.of(0.75)));
                });

    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();
    assertThat(tries).hasValue(3);
  }

  private static AdvisorBuilder builder() {
    return Advisor.builder().runId("run").bounds(0.1, 10);
  }

  private void advise(ClipRecommendation advice) {
    advisor = builder().advisor(() -> consumer(Advice.bytes(advice)));
    assertThat(advisor.awaitReading(Publishing.AMPLE)).isTrue();
  }

  private static MockConsumer<byte[], byte[]> consumer(byte[] value) {
    return consumer(Map.entry("run", value));
  }

  /** A consumer of a topic with one partition that holds these records. */
  @SafeVarargs
  private static MockConsumer<byte[], byte[]> consumer(Map.Entry<String, byte[]>... records) {
    MockConsumer<byte[], byte[]> consumer = consumerOf(records.length);
    consumer.schedulePollTask(
        () -> {
          for (int i = 0; i < records.length; i++) {
            byte[] key = records[i].getKey().getBytes(UTF_8);
            consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, i, key, records[i].getValue()));
          }
        });
    return consumer;
  }

  /** A consumer of a topic with one partition of so many records, none of which comes yet. */
  private static MockConsumer<byte[], byte[]> consumerOf(long records) {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.updateEndOffsets(Map.of(partition, records));
    return consumer;
  }
}

package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.ClipRecommendation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class AdviceFeedbackTest {
  private static final double GUARD = 2;

  private final MockProducer<byte[], byte[]> producer = Publishing.producer();
  private final StepPublisher publisher =
      new StepPublisher(
          StepPublisher.builder().publisher(() -> producer), "run", 1, null, () -> 7L);
  private final AdvisedTrainer trainer = AdvisedTrainer.using(AdviceMode.FOLLOW, publisher);

  @AfterEach
  void close() {
    publisher.close(Duration.ZERO);
  }

  @Test
  void tellsWhenAdviceBeginsChangesAndEnds() {
    steps(0, 100);
    trainer.receives(Advice.of(0.5, 1, 99));
    steps(100, 120);
    trainer.receives(Advice.of(50.0, 1, 119));
    steps(120, 300);

    assertThat(told())
        .containsExactly(
            "100 " + new AdviceApplied(0.5, 0.5, 99L),
            "120 " + new AdviceApplied(50.0, AdvisedTrainer.CEILING, 119L),
            "220 " + new AdviceApplied(null, GUARD, null));
  }

  @Test
  void tellsNothingWhereThereWasNoAdvice() {
    steps(0, 100);
    trainer.advisor.disable();
    steps(100, 200);

    assertThat(told()).isEmpty();
  }

  @Test
  void tellsNothingWhereAdviceIsOnlyRenewed() {
    for (int made = 0; made < 100; made++) {
      trainer.receives(Advice.of(0.5, 1, made));
      steps(made, made + 1);
    }

    assertThat(told()).containsExactly("0 " + new AdviceApplied(0.5, 0.5, 0L));
  }

  @Test
  void tellsNoMoreThanOnceInTenSteps() {
    for (int made = 0; made < 100; made++) {
      trainer.receives(Advice.of(0.5 + made / 100.0, 1, made));
      steps(made, made + 1);
    }

    assertThat(told()).hasSize(10).last().asString().startsWith("90 ");
  }

  @Test
  void tellsThatItWasSwitchedOff() {
    trainer.receives(Advice.of(0.5, 1, 0));
    steps(0, 50);
    trainer.advisor.disable();
    steps(50, 60);
    trainer.advisor.clipThreshold(60, 1, Double.POSITIVE_INFINITY);
    trainer.advisor.enable();
    steps(61, 100);

    assertThat(told())
        .containsExactly(
            "0 " + new AdviceApplied(0.5, 0.5, 0L),
            "50 " + new AdviceApplied(null, AdvisedTrainer.CEILING, null),
            "61 " + new AdviceApplied(0.5, 0.5, 0L));
  }

  @Test
  void tellsNothingInShadow() {
    AdvisedTrainer shadow = AdvisedTrainer.using(AdviceMode.SHADOW, publisher);
    shadow.receives(Advice.of(0.5, 1, 0));
    shadow.takes(0, 1);

    assertThat(told()).isEmpty();
  }

  @Test
  void tellsWhatTheTrainersOwnRuleAppliesWhereAdviceEnds() {
    trainer.receives(Advice.of(0.5, 1, 0));
    steps(0, 1);
    trainer.advisor.clipThreshold(101, 1, Double.POSITIVE_INFINITY);

    assertThat(told()).last().isEqualTo("101 " + new AdviceApplied(null, null, null));
  }

  @Test
  void waitsForNothingEvenWhereThePublisherWould() {
    StepPublisher full =
        new StepPublisher(
            StepPublisher.builder()
                .queueCapacity(1)
                .overflow(Overflow.WAIT)
                .publisher(
                    () -> {
                      throw new KafkaException("away");
                    }),
            "run",
            1,
            null,
            () -> 7L);
    full.heartbeat(0);
    AdvisedTrainer other = AdvisedTrainer.using(AdviceMode.FOLLOW, full);
    other.receives(Advice.of(0.5, 1, 0));

    assertThat(other.advisor.clipThreshold(0, 1)).isEqualTo(0.5);
    assertThat(full.stats().dropped(DropCause.QUEUE_FULL)).isEqualTo(1);
    full.close(Duration.ZERO);
    other.receives(Advice.of(0.25, 1, 10));
    assertThat(other.advisor.clipThreshold(10, 1)).as("closed").isEqualTo(0.25);
  }

  @Test
  void givesAThresholdWhileAnotherThreadIsHeldUpInIt() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    StepPublisher slow =
        new StepPublisher(
            StepPublisher.builder().publisher(() -> producer),
            "run",
            1,
            null,
            () -> {
              inside.countDown();
              awaitQuietly(release);
              return 7L;
            });
    AdvisedTrainer other = AdvisedTrainer.using(AdviceMode.FOLLOW, slow);
    ClipRecommendation advice = Advice.of(0.5, 1, 0);
    other.receives(advice);
    Thread heldUp = new Thread(() -> other.takes(0, 1));
    heldUp.start();
    inside.await();

    assertThat(other.advisor.clipThreshold(1, 1)).isEqualTo(0.5);
    release.countDown();
    heldUp.join();
    slow.close(Duration.ZERO);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void steps(long from, long to) {
    for (long step = from; step < to; step++) {
      trainer.takes(step, GUARD);
    }
  }

  private List<String> told() {
    publisher.close(Publishing.AMPLE);
    return sent(producer).stream().map(e -> e.getStep() + " " + e.getBody()).toList();
  }
}

package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.Test;

class StepPublisherTest {
  private static final long NOW = 1_790_000_000_000L;

  private final MockProducer<byte[], byte[]> producer = Publishing.producer();
  private final AtomicLong clock = new AtomicLong(NOW);
  private final StepPublisher publisher =
      new StepPublisher(StepPublisher.builder().publisher(() -> producer), "run", 2, 3, clock::get);

  @Test
  void tellsARunFromItsStartToItsEnd() {
    publisher.started(
        100,
        RunDescription.create()
            .owner("ada")
            .framework("djl 0.30")
            .layers(List.of("in", "out"))
            .worldSize(8)
            .plannedSteps(1_000)
            .clipsGlobalNormTo(1)
            .tag("host", "n1"));
    publisher.step(
        StepReport.of(100)
            .loss(2.5)
            .gradNorm(Double.POSITIVE_INFINITY)
            .learningRate(1e-3)
            .clipThreshold(1)
            .lossScale(65536)
            .updateSkipped(true)
            .nonfiniteCount(3)
            .batchSize(32)
            .gradAbsMax(Double.NaN)
            .layerGradNorms(new float[] {0.5f, Float.NaN})
            .layerWeightNorms(new float[] {1, 2})
            .layerUpdateNorms(new float[] {3, 4})
            .layerZeroFractions(new float[] {0, 1})
            .histogram(-10, new long[] {1, 2}, 3, 4)
            .metric("accuracy", 0.25));
    publisher.evaluation(100, 2.25, Map.of("bleu", 20.0));
    publisher.checkpoint(100, "s3://bucket/100");
    publisher.adviceApplied(100, 0.5, 0.6, 90L);
    publisher.heartbeat(100);
    publisher.ended(100, RunOutcome.COMPLETED);
    publisher.close(Publishing.AMPLE);

    List<TrainingEvent> events = sent(producer);
    assertThat(events)
        .allSatisfy(
            e -> {
              assertThat(e.getRunId()).isEqualTo("run");
              assertThat(e.getAttempt()).isEqualTo(2);
              assertThat(e.getRank()).isEqualTo(3);
              assertThat(e.getStep()).isEqualTo(100);
              assertThat(e.getEmittedAt()).isEqualTo(NOW);
            });
    RunStarted started = (RunStarted) events.get(0).getBody();
    assertThat(started.getLayerNames()).containsExactly("in", "out");
    assertThat(started.getClipMode()).isEqualTo(ClipMode.GLOBAL_NORM);
    assertThat(started.getTags()).isEqualTo(Map.of("host", "n1"));
    StepCompleted step = (StepCompleted) events.get(1).getBody();
    assertThat(step.getLoss()).isEqualTo(2.5);
    assertThat(step.getGradNorm()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(step.getUpdateSkipped()).isTrue();
    assertThat(step.getLayerGradNorms()).containsExactly(0.5f, Float.NaN);
    assertThat(step.getLayerZeroFractions()).containsExactly(0f, 1f);
    assertThat(step.getHistogram()).isEqualTo(new Log2Histogram(-10, List.of(1L, 2L), 3L, 4L));
    assertThat(step.getMetrics()).isEqualTo(Map.of("accuracy", 0.25));
    assertThat(events.stream().skip(2).map(TrainingEvent::getBody))
        .containsExactly(
            new EvaluationCompleted(2.25, Map.of("bleu", 20.0)),
            new CheckpointSaved("s3://bucket/100", 100L),
            new AdviceApplied(0.5, 0.6, 90L),
            new Heartbeat(),
            new RunEnded(RunOutcome.COMPLETED));
  }

  @Test
  void doesNotReportWhatIsNotSet() {
    publisher.step(StepReport.of(1));
    publisher.close(Publishing.AMPLE);

    StepCompleted body = new StepCompleted();
    body.setMetrics(Map.of());
    assertThat(sent(producer)).extracting(TrainingEvent::getBody).containsExactly(body);
  }

  @Test
  void saysAgainWhoItIsEveryFiveMinutes() {
    publisher.started(0, RunDescription.create().layers(List.of("a")));
    clock.addAndGet(Duration.ofMinutes(5).toMillis() - 1);
    publisher.step(StepReport.of(1));
    clock.addAndGet(1);
    publisher.step(StepReport.of(2));
    publisher.step(StepReport.of(3));
    publisher.close(Publishing.AMPLE);

    assertThat(sent(producer))
        .extracting(e -> e.getBody().getClass().getSimpleName() + " " + e.getStep())
        .containsExactly(
            "RunStarted 0",
            "StepCompleted 1",
            "RunStarted 2",
            "StepCompleted 2",
            "StepCompleted 3");
  }

  @Test
  void repeatsTheDescriptionAsItWasGiven() {
    RunDescription description =
        RunDescription.create().owner("ada").layers(List.of("a")).tag("host", "n1");
    publisher.started(0, description);
    description.owner("bob").layers(List.of("b")).tag("host", "n2").tag("shard", "3");
    clock.addAndGet(Duration.ofMinutes(5).toMillis());
    publisher.heartbeat(1);
    publisher.close(Publishing.AMPLE);

    assertThat(sent(producer).stream().map(TrainingEvent::getBody).limit(2))
        .containsOnly(
            RunDescription.create().owner("ada").layers(List.of("a")).tag("host", "n1").body());
  }

  @Test
  void publishesAReportAsItWasGiven() {
    CountDownLatch changed = new CountDownLatch(1);
    StepPublisher waiting =
        new StepPublisher(
            StepPublisher.builder()
                .publisher(
                    () -> {
                      await(changed);
                      return producer;
                    }),
            "run",
            0,
            null,
            clock::get);
    float[] norms = {1, 2};
    StepReport report =
        StepReport.of(1).loss(2).layerGradNorms(norms).metric("accuracy", 0.25).gradAbsMax(4);
    waiting.step(report);
    norms[0] = 7;
    waiting.step(report.loss(3).metric("accuracy", 0.5).metric("entropy", 1));
    waiting.step(report.layerGradNorms(norms).layerZeroFractions(new float[] {0, 1}));
    waiting.step(report);
    changed.countDown();
    waiting.close(Publishing.AMPLE);

    StepReport second = StepReport.of(1).loss(3).gradAbsMax(4).metric("accuracy", 0.5);
    second.metric("entropy", 1).layerGradNorms(new float[] {1, 2});
    StepCompleted third = Publishing.body(second);
    third.setLayerGradNorms(List.of(7f, 2f));
    third.setLayerZeroFractions(List.of(0f, 1f));
    assertThat(sent(producer))
        .extracting(TrainingEvent::getBody)
        .containsExactly(
            Publishing.body(
                StepReport.of(1)
                    .loss(2)
                    .gradAbsMax(4)
                    .metric("accuracy", 0.25)
                    .layerGradNorms(new float[] {1, 2})),
            Publishing.body(second),
            third,
            third);
  }

  @Test
  void leavesEventsOfReplaysAsTheyAre() {
    publisher.publish(Publishing.event("another", 5));
    publisher.close(Publishing.AMPLE);

    assertThat(sent(producer)).containsExactly(Publishing.event("another", 5));
  }

  @Test
  void neverThrowsIntoTheTrainingLoop() {
    publisher.started(0, null);
    publisher.step(null);
    publisher.step(StepReport.of(-1).layerGradNorms(null).histogram(0, null, 0, 0));
    publisher.checkpoint(1, null);
    publisher.ended(1, null);
    publisher.evaluation(1, null, null);
    publisher.publish(null);
    publisher.close(Publishing.AMPLE);

    assertThat(publisher.stats().dropped(DropCause.INVALID)).isEqualTo(6);
    assertThat(publisher.stats().published()).as("the evaluation without values").isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

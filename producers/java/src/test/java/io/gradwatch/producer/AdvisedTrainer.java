package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.schemas.RecordCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A trainer of run "run", attempt 1, with bounds 0.1 and 10 (others for layers and components), to
 * which a test hands its recommendations: nothing here is asynchronous.
 */
final class AdvisedTrainer {
  static final double FLOOR = 0.1;
  static final double CEILING = 10;
  static final AdviceBounds LAYERS = new AdviceBounds(0.01, 5);
  static final AdviceBounds VALUES = new AdviceBounds(0.001, 0.5);
  static final double LEARNING_RATE_FLOOR = 0.25;

  final Advisor advisor;
  private final NewestAdvice newest;

  private AdvisedTrainer(
      AdviceMode mode,
      @Nullable StepPublisher publisher,
      @Nullable AdviceBounds layers,
      @Nullable AdviceBounds values) {
    SparseLog log = new SparseLog(LoggerFactory.getLogger("test"), System::nanoTime);
    newest =
        new NewestAdvice(
            new AdviceTerms("default", "run", 1, 1_000),
            RecordCodec.of(ClipRecommendation.class),
            log);
    AdviceReader reader =
        new AdviceReader(
            "unread",
            "run",
            () -> {
              throw new AssertionError("nothing is read");
            },
            Duration.ZERO,
            newest,
            log);
    advisor =
        new Advisor(
            new TrainerBounds(
                new AdviceBounds(FLOOR, CEILING), layers, values, LEARNING_RATE_FLOOR),
            newest,
            reader,
            mode,
            publisher == null ? null : new AdviceFeedback(publisher));
  }

  static AdvisedTrainer following() {
    return using(AdviceMode.FOLLOW, null);
  }

  /** One that has said nothing about layers and components. */
  static AdvisedTrainer followingTheGlobalThreshold() {
    return new AdvisedTrainer(AdviceMode.FOLLOW, null, null, null);
  }

  static AdvisedTrainer shadowing() {
    return using(AdviceMode.SHADOW, null);
  }

  static AdvisedTrainer using(AdviceMode mode, @Nullable StepPublisher publisher) {
    return new AdvisedTrainer(mode, publisher, LAYERS, VALUES);
  }

  void receives(ClipRecommendation advice) {
    newest.accept(Advice.bytes(advice));
  }

  void receives(byte @Nullable [] record) {
    newest.accept(record);
  }

  /** Takes steps with these norms, the first one at a step. */
  void takes(long firstStep, double... norms) {
    for (int i = 0; i < norms.length; i++) {
      advisor.clipThreshold(firstStep + i, norms[i]);
    }
  }
}

package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A trainer of run "run", attempt 1, with bounds 0.1 and 10, to which a test hands its
 * recommendations: nothing here is asynchronous.
 */
final class AdvisedTrainer {
  static final double FLOOR = 0.1;
  static final double CEILING = 10;

  final Advisor advisor;
  private final NewestAdvice newest;

  private AdvisedTrainer(AdviceMode mode, @Nullable StepPublisher publisher) {
    SparseLog log = new SparseLog(LoggerFactory.getLogger("test"), System::nanoTime);
    newest = new NewestAdvice(new AdviceTerms("default", "run", 1, 1_000), log);
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
            new AdviceBounds(FLOOR, CEILING),
            newest,
            reader,
            mode,
            publisher == null ? null : new AdviceFeedback(publisher));
  }

  static AdvisedTrainer following() {
    return new AdvisedTrainer(AdviceMode.FOLLOW, null);
  }

  static AdvisedTrainer shadowing() {
    return new AdvisedTrainer(AdviceMode.SHADOW, null);
  }

  static AdvisedTrainer using(AdviceMode mode, StepPublisher publisher) {
    return new AdvisedTrainer(mode, publisher);
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

package io.gradwatch.producer;

import io.gradwatch.records.AdviceReason;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;

/** Recommendations for tests. */
final class Advice {
  private static final RecordCodec<ClipRecommendation> CODEC =
      RecordCodec.of(ClipRecommendation.class);

  private Advice() {}

  /** For run "run" of project "default", attempt 0, made at step 100, valid for 100 steps. */
  static ClipRecommendation of(Double threshold) {
    return ClipRecommendation.newBuilder()
        .setProject("default")
        .setRunId("run")
        .setMadeAtStep(100)
        .setValidUntilStep(200)
        .setClipThreshold(threshold)
        .setReason(AdviceReason.BASELINE)
        .build();
  }

  static ClipRecommendation of(Double threshold, int attempt, long madeAtStep) {
    ClipRecommendation advice = of(threshold);
    advice.setAttempt(attempt);
    advice.setMadeAtStep(madeAtStep);
    advice.setValidUntilStep(madeAtStep + 100);
    return advice;
  }

  /**
   * The same with advice of every kind: thresholds 0.25, none, 4 for three layers, 0.125 for
   * components, half the learning rate, back to step 90.
   */
  static ClipRecommendation ofAllKinds() {
    ClipRecommendation advice = of(0.5);
    advice.setLayerClipThresholds(List.of(0.25f, Float.NaN, 4f));
    advice.setClipValue(0.125);
    advice.setLearningRateFactor(0.5);
    advice.setRollbackStep(90L);
    return advice;
  }

  static byte[] bytes(ClipRecommendation advice) {
    return CODEC.encode(advice);
  }
}

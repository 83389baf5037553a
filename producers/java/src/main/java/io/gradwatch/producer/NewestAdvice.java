package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Judges what the recommendations topic says about one run and keeps the newest that can be
 * believed. Written by one thread, read by any.
 */
final class NewestAdvice {
  private final String project;
  private final String runId;
  private final int attempt;
  private final SparseLog log;
  private final RecordCodec<ClipRecommendation> codec = RecordCodec.of(ClipRecommendation.class);
  private final LongAdder accepted = new LongAdder();
  private final LongAdder outdated = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile @Nullable ClipRecommendation newest;

  NewestAdvice(String project, String runId, int attempt, SparseLog log) {
    this.project = project;
    this.runId = runId;
    this.attempt = attempt;
    this.log = log;
  }

  @Nullable ClipRecommendation get() {
    return newest;
  }

  AdvisorStats stats(boolean reading) {
    return new AdvisorStats(accepted.sum(), outdated.sum(), refused.sum(), reading);
  }

  /** Takes a record whose key is the run's; null withdraws all advice. */
  void accept(byte @Nullable [] value) {
    if (value == null) {
      newest = null;
      return;
    }
    ClipRecommendation advice;
    try {
      advice = codec.decode(value);
    } catch (RecordFormatException | RuntimeException e) { // this record shall not end the reading
      refuse("it cannot be decoded: " + e.getMessage());
      return;
    }
    if (!advice.getRunId().equals(runId) || !advice.getProject().equals(project)) {
      refuse(
          "it is for run '%s' of project '%s'".formatted(advice.getRunId(), advice.getProject()));
    } else if (!isSane(advice.getClipThreshold())) {
      refuse("its threshold is " + advice.getClipThreshold() + ", must be above 0 and finite");
    } else if (isOutdated(advice)) {
      outdated.increment();
    } else {
      newest = advice;
      accepted.increment();
    }
  }

  private static boolean isSane(@Nullable Double threshold) {
    return threshold == null || (threshold > 0 && threshold < Double.POSITIVE_INFINITY);
  }

  private boolean isOutdated(ClipRecommendation advice) {
    ClipRecommendation known = newest;
    if (advice.getAttempt() < attempt) {
      return true;
    }
    if (known == null || advice.getAttempt() > known.getAttempt()) {
      return false;
    }
    return advice.getAttempt() < known.getAttempt()
        || advice.getMadeAtStep() <= known.getMadeAtStep();
  }

  private void refuse(String reason) {
    refused.increment();
    log.warn("recommendation refused", reason, null);
  }
}

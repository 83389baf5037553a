package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Judges what the recommendations topic says about one run and keeps the newest that can be
 * believed. Written by one thread, read by any.
 *
 * <p>A trainer is always ahead of honest advice, which is made of steps it has published. Advice
 * made at a step that the trainer has not told yet waits beside the one that is known: it may be
 * honest where the trainer asks seldom or is only starting, and must not displace anything where it
 * is forged. Of those that wait the last to come stays, so that one from a far future cannot keep
 * honest ones out.
 */
final class NewestAdvice {
  private static final long NO_STEP = -1;
  private static final Held NOTHING = new Held(null, null);

  private final AdviceTerms terms;
  private final SparseLog log;
  private final RecordCodec<ClipRecommendation> codec;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder outdated = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile Held held = NOTHING;
  private volatile long toldStep = NO_STEP;

  NewestAdvice(AdviceTerms terms, RecordCodec<ClipRecommendation> codec, SparseLog log) {
    this.terms = terms;
    this.codec = codec;
    this.log = log;
  }

  /** Tells the step about to be taken; the recommendation in force at it, null without. */
  @Nullable ClipRecommendation at(long step) {
    toldStep = step;
    return inForce(step);
  }

  /** The recommendation in force at the newest step told; null without. */
  @Nullable ClipRecommendation inForce() {
    return inForce(toldStep);
  }

  long accepted() {
    return accepted.sum();
  }

  long outdated() {
    return outdated.sum();
  }

  long refused() {
    return refused.sum();
  }

  /**
   * Takes a record whose key is the run's; null withdraws all advice.
   *
   * @throws UncheckedIOException when a registry cannot be asked: the record is to come again
   */
  void accept(byte @Nullable [] value) {
    if (value == null) {
      held = NOTHING;
      return;
    }
    ClipRecommendation advice;
    try {
      advice = codec.decode(value);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RecordFormatException | RuntimeException e) { // this record shall not end the reading
      refuse("it cannot be decoded: " + e.getMessage());
      return;
    }
    if (!advice.getRunId().equals(terms.runId()) || !advice.getProject().equals(terms.project())) {
      refuse(
          "it is for run '%s' of project '%s'".formatted(advice.getRunId(), advice.getProject()));
    } else if (!isSane(advice.getClipThreshold())) {
      refuse("its threshold is " + advice.getClipThreshold() + ", must be above 0 and finite");
    } else if (advice.getMadeAtStep() < 0) {
      refuse("it was made at step " + advice.getMadeAtStep() + ", must be at least 0");
    } else if (advice.getAttempt() > terms.attempt()) {
      refuse("it is for attempt %d, ours is %d".formatted(advice.getAttempt(), terms.attempt()));
    } else if (advice.getAttempt() < terms.attempt()) {
      outdated.increment();
    } else {
      keep(advice);
    }
  }

  private void keep(ClipRecommendation advice) {
    long step = toldStep;
    ClipRecommendation waiting = held.waiting;
    ClipRecommendation known = held.newest(step);
    if (isRepetition(advice, waiting) || !isNewer(advice, known)) {
      outdated.increment();
      return;
    }
    held =
        advice.getMadeAtStep() <= step
            ? new Held(advice, waits(waiting, step) ? waiting : null)
            : new Held(known, advice);
    // Counted once it is in force: who sees the count may ask for the advice.
    accepted.increment();
  }

  private @Nullable ClipRecommendation inForce(long step) {
    ClipRecommendation newest = held.newest(step);
    return newest != null && terms.inForce(newest, step) ? newest : null;
  }

  private static boolean isSane(@Nullable Double threshold) {
    return threshold == null || AdviceBounds.isThreshold(threshold);
  }

  private static boolean isNewer(ClipRecommendation advice, @Nullable ClipRecommendation than) {
    return than == null || advice.getMadeAtStep() > than.getMadeAtStep();
  }

  private static boolean waits(@Nullable ClipRecommendation advice, long step) {
    return advice != null && advice.getMadeAtStep() > step;
  }

  private static boolean isRepetition(
      ClipRecommendation advice, @Nullable ClipRecommendation waiting) {
    return waiting != null && advice.getMadeAtStep() == waiting.getMadeAtStep();
  }

  private void refuse(String reason) {
    refused.increment();
    log.warn("recommendation refused", reason, null);
  }

  /**
   * What is kept.
   *
   * @param known newest advice made at a step that was told
   * @param waiting last advice made at one that was not
   */
  private record Held(@Nullable ClipRecommendation known, @Nullable ClipRecommendation waiting) {

    /** What is known at a step: that which waited for it, once it has come. */
    @Nullable ClipRecommendation newest(long step) {
      return waiting != null && waiting.getMadeAtStep() <= step && isNewer(waiting, known)
          ? waiting
          : known;
    }
  }
}

package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Clip advice for one attempt of a run, read in the background. Made for the training loop: no
 * method throws, and none but {@link #close} and {@link #awaitReading} waits; asking for a
 * threshold takes no lock and allocates nothing but where an event of feedback is due. Safe for use
 * by several threads.
 *
 * <p>Whatever a recommendation says, it can do no more than move a threshold between the trainer's
 * own floor and ceiling, lower the learning rate as far as the trainer's floor, and name an earlier
 * step to go back to; and it does only what the trainer asks for, method by method. Without a
 * usable one the threshold is the trainer's own rule, or a guard made of the norms of its recent
 * steps within the same bounds. The library's README has the contract as a table: situation, what
 * is applied.
 */
public final class Advisor implements AutoCloseable {
  /**
   * Environment variable that switches all advice off when it is {@code off}, and to shadow mode
   * when it is {@code shadow}. Any value but these, {@code on} and nothing is taken as off.
   */
  public static final String KILL_SWITCH = "GRADWATCH_ADVICE";

  private static final long CLOSE_MILLIS = 5_000;

  private final TrainerBounds bounds;
  private final NewestAdvice advice;
  private final AdviceReader reader;
  private final Thread thread;
  private final AdviceMode mode;
  private final @Nullable AdviceFeedback feedback;
  private final LocalGuard guard = new LocalGuard();
  private final EngagementCounter adviceEngagement = new EngagementCounter();
  private final EngagementCounter guardEngagement = new EngagementCounter();
  // Instead of a lock: of threads that ask at once one records, the others pass over recording.
  private final AtomicBoolean recording = new AtomicBoolean();
  private volatile boolean enabled;

  Advisor(
      TrainerBounds bounds,
      NewestAdvice advice,
      AdviceReader reader,
      AdviceMode mode,
      @Nullable AdviceFeedback feedback) {
    this.bounds = bounds;
    this.advice = advice;
    this.reader = reader;
    this.mode = mode;
    this.feedback = feedback;
    this.enabled = mode != AdviceMode.OFF;
    this.thread = new Thread(reader, "gradwatch-advisor");
    thread.setDaemon(true);
  }

  /** Sets up an advisor. */
  public static AdvisorBuilder builder() {
    return new AdvisorBuilder();
  }

  Advisor start() {
    thread.start();
    return this;
  }

  /**
   * Threshold to clip the global gradient norm of a step to: advice, or a guard made of recent
   * norms while there is none. Switched off, in shadow mode or closed: the ceiling.
   *
   * @param step the step about to be taken
   * @param gradNorm global L2 norm of its gradients before clipping; one that is not finite or not
   *     above 0 is not learned from
   * @return within the floor and the ceiling
   */
  public double clipThreshold(long step, double gradNorm) {
    return clipThreshold(step, gradNorm, Double.NaN);
  }

  /**
   * The same for a trainer with a rule of its own.
   *
   * @param own the trainer's own threshold for this step, positive infinity to clip nothing;
   *     returned as it is where there is no advice, and when switched off, in shadow mode or
   *     closed. NaN: it has none, as in {@link #clipThreshold(long, double)}
   */
  public double clipThreshold(long step, double gradNorm, double own) {
    ClipRecommendation newest = advice.at(step);
    Double threshold = enabled && newest != null ? newest.getClipThreshold() : null;
    double advised = threshold == null ? Double.NaN : bounds.threshold().clamp(threshold);
    double guarded = guarded(step);
    boolean follows = follows();
    boolean followsAdvice = follows && threshold != null;
    double applied;
    if (followsAdvice) {
      applied = advised;
    } else if (!Double.isNaN(own)) {
      applied = own;
    } else {
      applied = follows ? guarded : bounds.threshold().ceiling();
    }
    if (recording.compareAndSet(false, true)) {
      try {
        if (guard.observe(step, gradNorm) && enabled) {
          count(gradNorm, advised, guarded, own);
        }
        if (feedback != null) {
          feedback.tell(step, applied, followsAdvice ? newest : null);
        }
      } finally {
        recording.set(false);
      }
    }
    return applied;
  }

  /**
   * Threshold to clip the norm of one layer's gradients to, for a trainer that clips layer by layer
   * instead of all at once. There is no guard for layers; {@link AdvisorStats} and feedback do not
   * tell of them.
   *
   * @param step the step about to be taken
   * @param layer index among the layer names the run has published; advice on one that it does not
   *     have is none
   * @param own the trainer's own threshold, positive infinity to clip nothing; returned as it is
   *     where there is no advice on the layer, when switched off, in shadow mode or closed, and
   *     always without {@link AdvisorBuilder#layerBounds}. NaN: it has none, and the ceiling of
   *     those bounds (positive infinity without them) takes its place
   * @return advice within the layer bounds, or what takes its place; never NaN
   */
  public double layerThreshold(long step, int layer, double own) {
    return bounds.layerThreshold(followed(step), layer, own);
  }

  /**
   * What to clip each component of the gradients to, plus or minus, for a trainer that clips by
   * value.
   *
   * @param own as in {@link #layerThreshold}, with {@link AdvisorBuilder#valueBounds}
   * @return advice within those bounds, or what takes its place; never NaN
   */
  public double clipValue(long step, double own) {
    return bounds.clipValue(followed(step), own);
  }

  /**
   * What to multiply the learning rate of the trainer's schedule with at a step: below 1 while a
   * divergence is open. Not to be multiplied with itself from step to step.
   *
   * @return from {@link AdvisorBuilder#learningRateFloor} to 1; 1 where there is no advice on it,
   *     when switched off, in shadow mode or closed
   */
  public double learningRateFactor(long step) {
    return bounds.learningRateFactor(followed(step));
  }

  /**
   * Step of the checkpoint to go back to while a divergence is open. Going back is a resume: with
   * the next attempt, a new publisher and a new advisor, which keeps one advice from being obeyed
   * twice. How often and how far it goes back is the trainer's to limit.
   *
   * @return from 0 to the step the advice was made at, which is not after this one; -1 where there
   *     is no such advice, when switched off, in shadow mode or closed
   */
  public long rollbackStep(long step) {
    return bounds.rollbackStep(followed(step));
  }

  /**
   * What to multiply gradients with so that their norm is at most a threshold.
   *
   * @param gradNorm their norm; where it is not finite nothing is clipped, and the caller decides
   *     (most skip the update)
   * @param threshold above 0; anything else clips nothing
   * @return above 0, at most 1; 1 where nothing is to be clipped
   */
  public static double clipFactor(double gradNorm, double threshold) {
    if (threshold > 0 && gradNorm > threshold && gradNorm < Double.POSITIVE_INFINITY) {
      return Math.max(Double.MIN_VALUE, threshold / gradNorm);
    }
    return 1;
  }

  /**
   * The recommendation in force at the newest step told, as published: its numbers are within no
   * bounds. Null when there is none, switched off, in shadow mode or closed.
   */
  public @Nullable ClipRecommendation recommendation() {
    ClipRecommendation usable = follows() ? advice.inForce() : null;
    return usable == null ? null : ClipRecommendation.newBuilder(usable).build();
  }

  /** Kill switch: from the next step on every threshold is the trainer's own, or the ceiling. */
  public void disable() {
    enabled = false;
  }

  /** Uses advice again, unless the environment switched it off or the advisor is closed. */
  public void enable() {
    enabled = mode != AdviceMode.OFF && !reader.stopped();
  }

  /** What was read and done so far. */
  public AdvisorStats stats() {
    return new AdvisorStats(
        advice.accepted(),
        advice.outdated(),
        advice.refused(),
        reader.readToEnd(),
        adviceEngagement.snapshot(),
        guardEngagement.snapshot());
  }

  /** Waits until what the topic held at the beginning has been read; false when time ran out. */
  public boolean awaitReading(Duration timeout) {
    try {
      return reader.awaitEnd(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops reading and advising. Waits for the reader, 5 s at most. */
  @Override
  public void close() {
    enabled = false;
    reader.stop();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }

  /** The advice to be followed at a step, null for none; tells the step. */
  private @Nullable ClipRecommendation followed(long step) {
    ClipRecommendation newest = advice.at(step);
    return follows() ? newest : null;
  }

  private boolean follows() {
    return enabled && mode == AdviceMode.FOLLOW;
  }

  /** The guard's threshold; the ceiling before the first norm. */
  private double guarded(long step) {
    AdviceBounds allowed = bounds.threshold();
    double threshold = guard.threshold(step);
    return Double.isNaN(threshold) ? allowed.ceiling() : allowed.clamp(threshold);
  }

  /** Counts what is applied, or would be if this were not shadow mode. */
  private void count(double norm, double advised, double guarded, double own) {
    if (!Double.isNaN(advised)) {
      adviceEngagement.count(norm, advised);
    } else if (Double.isNaN(own)) {
      guardEngagement.count(norm, guarded);
    }
  }
}

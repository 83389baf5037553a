package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Clip advice for one run, read in the background. Made for the training loop: no method throws,
 * and none but {@link #close} and {@link #awaitReading} waits. Safe for use by several threads.
 *
 * <p>Advice can never do more than move the threshold between the trainer's own floor and ceiling:
 * what is not a positive finite number, is for another run or an earlier attempt is passed over,
 * and after the step until which it holds it is not used. Without usable advice, or when switched
 * off, the trainer's fallback is returned as it is.
 */
public final class Advisor implements AutoCloseable {
  /** Environment variable that switches all advice off when it is {@code off}. */
  public static final String KILL_SWITCH = "GRADWATCH_ADVICE";

  private static final long CLOSE_MILLIS = 5_000;

  private final AdviceBounds bounds;
  private final NewestAdvice advice;
  private final AdviceReader reader;
  private final Thread thread;
  private final boolean allowed;
  private volatile boolean enabled;
  private volatile long step;

  Advisor(
      String topic,
      String project,
      String runId,
      int attempt,
      AdviceBounds bounds,
      boolean allowed,
      Supplier<Consumer<byte[], byte[]>> connect,
      Duration reconnect) {
    SparseLog log = new SparseLog(LoggerFactory.getLogger(Advisor.class), System::nanoTime);
    this.bounds = bounds;
    this.allowed = allowed;
    this.enabled = allowed;
    this.advice = new NewestAdvice(project, runId, attempt, log);
    this.reader = new AdviceReader(topic, runId, connect, reconnect, advice, log);
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
   * Threshold to clip the global gradient norm to at a step.
   *
   * @param step the step about to be taken; later calls without a step mean this one
   * @param fallback the trainer's own rule; returned as it is when there is no usable advice
   * @return the advice within the floor and the ceiling, or the fallback
   */
  public double clipThreshold(long step, double fallback) {
    this.step = step;
    return clipThreshold(fallback);
  }

  /** The same for the newest step told; 0 before one was. */
  public double clipThreshold(double fallback) {
    ClipRecommendation usable = usable();
    Double threshold = usable == null ? null : usable.getClipThreshold();
    return threshold == null ? fallback : bounds.clamp(threshold);
  }

  /** The recommendation in force at the newest step told, as published; null when there is none. */
  public @Nullable ClipRecommendation recommendation() {
    ClipRecommendation usable = usable();
    return usable == null ? null : ClipRecommendation.newBuilder(usable).build();
  }

  /** Kill switch: from now on every answer is the fallback. */
  public void disable() {
    enabled = false;
  }

  /** Uses advice again, unless the environment switched it off or the advisor is closed. */
  public void enable() {
    enabled = allowed && !reader.stopped();
  }

  /** What was read so far. */
  public AdvisorStats stats() {
    return advice.stats(reader.readToEnd());
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

  /** Stops reading; every answer is the fallback afterwards. Waits for the reader, 5 s at most. */
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

  private @Nullable ClipRecommendation usable() {
    ClipRecommendation newest = advice.get();
    return enabled && newest != null && step <= newest.getValidUntilStep() ? newest : null;
  }
}

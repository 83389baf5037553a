package io.gradwatch.producer;

import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.StepCompleted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one optimizer step reports. What is not set is not reported, which is different from 0; NaN
 * and infinities are reported as such. Arrays are copied. Not for use by two threads at once; what
 * is changed after it was given to {@link StepPublisher#step} is not published.
 */
public final class StepReport {
  private final long step;
  private final StepCompleted body = new StepCompleted();
  private final Map<String, Double> metrics = new LinkedHashMap<>();

  private StepReport(long step) {
    this.step = step;
  }

  /**
   * Begins the report of a step.
   *
   * @param step 0 to 2^53
   */
  public static StepReport of(long step) {
    return new StepReport(step);
  }

  /** Training loss, in its own unit. */
  public StepReport loss(double loss) {
    body.setLoss(loss);
    return this;
  }

  /** Global L2 norm of the gradient, before clipping unless the run said otherwise. */
  public StepReport gradNorm(double norm) {
    body.setGradNorm(norm);
    return this;
  }

  /** Learning rate of the first parameter group. */
  public StepReport learningRate(double rate) {
    body.setLearningRate(rate);
    return this;
  }

  /** Clip threshold applied at this step, in units of the gradient norm; unset when not clipped. */
  public StepReport clipThreshold(double threshold) {
    body.setClipThreshold(threshold);
    return this;
  }

  /** Loss scale of mixed-precision training; above 0. */
  public StepReport lossScale(double scale) {
    body.setLossScale(scale);
    return this;
  }

  /** True when the loss scaler skipped the update. */
  public StepReport updateSkipped(boolean skipped) {
    body.setUpdateSkipped(skipped);
    return this;
  }

  /** Number of NaN or infinite gradient components. */
  public StepReport nonfiniteCount(double count) {
    body.setNonfiniteCount(count);
    return this;
  }

  /** Samples in the global batch. */
  public StepReport batchSize(double samples) {
    body.setBatchSize(samples);
    return this;
  }

  /** Largest absolute gradient component. */
  public StepReport gradAbsMax(double max) {
    body.setGradAbsMax(max);
    return this;
  }

  /** L2 norm of each layer's gradient, in the order of the run's layer names. */
  public StepReport layerGradNorms(float @Nullable [] norms) {
    body.setLayerGradNorms(LayerValues.copyOf(norms));
    return this;
  }

  /** L2 norm of each layer's weights after the step. */
  public StepReport layerWeightNorms(float @Nullable [] norms) {
    body.setLayerWeightNorms(LayerValues.copyOf(norms));
    return this;
  }

  /** L2 norm of the change the step made to each layer's weights. */
  public StepReport layerUpdateNorms(float @Nullable [] norms) {
    body.setLayerUpdateNorms(LayerValues.copyOf(norms));
    return this;
  }

  /** Share of each layer's gradient components that are exactly 0. */
  public StepReport layerZeroFractions(float @Nullable [] fractions) {
    body.setLayerZeroFractions(LayerValues.copyOf(fractions));
    return this;
  }

  /**
   * Distribution of |gradient| over powers of two: {@code counts[i]} components with {@code
   * 2^(minExponent+i) <= |g| < 2^(minExponent+i+1)}; at most 256 buckets.
   */
  public StepReport histogram(
      int minExponent, long @Nullable [] counts, long zeros, long nonfinite) {
    if (counts != null) {
      List<Long> copy = new ArrayList<>(counts.length);
      for (long count : counts) {
        copy.add(count);
      }
      body.setHistogram(new Log2Histogram(minExponent, copy, zeros, nonfinite));
    }
    return this;
  }

  /** Any other series; at most 256 names of at most 256 bytes. */
  public StepReport metric(String name, double value) {
    metrics.put(name, value);
    return this;
  }

  long step() {
    return step;
  }

  /** A copy, which later changes do not reach. */
  StepCompleted body() {
    StepCompleted copy = Snapshot.of(body, new StepCompleted());
    copy.setMetrics(new LinkedHashMap<>(metrics));
    return copy;
  }
}

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
  private StepCompleted body = new StepCompleted();
  private LayerArrays layers = new LayerArrays();
  private @Nullable Map<String, Double> metrics;

  /** Whether a publisher holds what the fields above hold. */
  private boolean given;

  private StepReport(long step) {
    this.step = step;
    body.setMetrics(Map.of());
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
    ours().setLoss(loss);
    return this;
  }

  /** Global L2 norm of the gradient, before clipping unless the run said otherwise. */
  public StepReport gradNorm(double norm) {
    ours().setGradNorm(norm);
    return this;
  }

  /** Learning rate of the first parameter group. */
  public StepReport learningRate(double rate) {
    ours().setLearningRate(rate);
    return this;
  }

  /** Clip threshold applied at this step, in units of the gradient norm; unset when not clipped. */
  public StepReport clipThreshold(double threshold) {
    ours().setClipThreshold(threshold);
    return this;
  }

  /** Loss scale of mixed-precision training; above 0. */
  public StepReport lossScale(double scale) {
    ours().setLossScale(scale);
    return this;
  }

  /** True when the loss scaler skipped the update. */
  public StepReport updateSkipped(boolean skipped) {
    ours().setUpdateSkipped(skipped);
    return this;
  }

  /** Number of NaN or infinite gradient components. */
  public StepReport nonfiniteCount(double count) {
    ours().setNonfiniteCount(count);
    return this;
  }

  /** Samples in the global batch. */
  public StepReport batchSize(double samples) {
    ours().setBatchSize(samples);
    return this;
  }

  /** Largest absolute gradient component. */
  public StepReport gradAbsMax(double max) {
    ours().setGradAbsMax(max);
    return this;
  }

  /** L2 norm of each layer's gradient, in the order of the run's layer names. */
  public StepReport layerGradNorms(float @Nullable [] norms) {
    ours();
    layers.gradNorms = norms == null ? null : norms.clone();
    return this;
  }

  /** L2 norm of each layer's weights after the step. */
  public StepReport layerWeightNorms(float @Nullable [] norms) {
    ours();
    layers.weightNorms = norms == null ? null : norms.clone();
    return this;
  }

  /** L2 norm of the change the step made to each layer's weights. */
  public StepReport layerUpdateNorms(float @Nullable [] norms) {
    ours();
    layers.updateNorms = norms == null ? null : norms.clone();
    return this;
  }

  /** Share of each layer's gradient components that are exactly 0. */
  public StepReport layerZeroFractions(float @Nullable [] fractions) {
    ours();
    layers.zeroFractions = fractions == null ? null : fractions.clone();
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
      ours().setHistogram(new Log2Histogram(minExponent, copy, zeros, nonfinite));
    }
    return this;
  }

  /** Any other series; at most 256 names of at most 256 bytes. */
  public StepReport metric(String name, double value) {
    StepCompleted record = ours();
    if (metrics == null) {
      metrics = new LinkedHashMap<>();
      record.setMetrics(metrics);
    }
    metrics.put(name, value);
    return this;
  }

  long step() {
    return step;
  }

  /** All but the layers. Later changes do not reach it: they are made to a copy. */
  StepCompleted body() {
    given = true;
    return body;
  }

  /** The layers. Later changes do not reach them either. */
  LayerArrays layers() {
    given = true;
    return layers;
  }

  /** The record to change: a copy where a publisher has this one, which hardly ever happens. */
  private StepCompleted ours() {
    if (given) {
      body = Snapshot.of(body, new StepCompleted());
      layers = layers.copy();
      if (metrics != null) {
        metrics = new LinkedHashMap<>(metrics);
        body.setMetrics(metrics);
      }
      given = false;
    }
    return body;
  }
}

package io.gradwatch.core.detect;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.LogPass;
import io.gradwatch.core.stats.NaturalLog;
import io.gradwatch.core.stats.Trend;
import io.gradwatch.core.stats.TrendPass;
import org.jspecify.annotations.Nullable;

/**
 * One observation scored against what the run's series knew before it. Used again for every step;
 * nothing in it outlives the step.
 */
public final class Reading {
  private long step;
  private double loss;
  private double lossValue;
  private double lossScore;
  private double lossRise;
  private double norm;
  private double normValue;
  private double normScore;
  private double normRise;
  private double scale;
  private boolean nonFinite;
  private boolean skipped;
  private boolean batchIsOther;
  private boolean normIsHeld;
  private Observation observation = new Observation();

  /** ln of each layer's gradient norm without its loss scale; as many as the longest step had. */
  private double[] layerLogs = {};

  private final LogPass logPass = new LogPass();
  private final TrendPass trendPass = new TrendPass();

  /**
   * Scores an observation, then lets the series learn from it.
   *
   * @param normScaled true when the norms reported are still multiplied by the loss scale
   */
  public void take(RunSeries series, long atStep, Observation taken, boolean normScaled) {
    step = atStep;
    observation = taken;
    skipped = observation.updateSkipped();
    double lossScale = observation.get(Scalar.LOSS_SCALE);
    if (!normScaled && !skipped) {
      NormMeasure.compare(series.measure(), step, observation.get(Scalar.GRAD_NORM), lossScale);
    }
    boolean divide = normScaled || NormMeasure.isScaled(series.measure());
    scale = divide && lossScale > 0 ? lossScale : 1;
    batchIsOther = series.isOtherBatch(observation.get(Scalar.BATCH_SIZE));
    loss = observation.get(Scalar.LOSS);
    norm = observation.get(Scalar.GRAD_NORM) / scale;
    nonFinite = anyNonFinite(observation);
    lossValue = series.lossIsLinear() ? loss : NaturalLog.of(loss);
    normValue = skipped ? Double.NaN : NaturalLog.of(norm);
    lossScore = batchIsOther ? Double.NaN : Trend.score(series.loss(), 0, lossValue);
    normIsHeld =
        NormMeasure.changedAt(series.measure(), step)
            || (!batchIsOther
                && NormMeasure.holds(series.measure(), series.norm(), step, normValue, lossScore));
    if (divide && !normScaled && !NormMeasure.isScaled(series.measure())) {
      scale = 1;
      norm = observation.get(Scalar.GRAD_NORM);
    }
    normValue = normIsHeld ? Double.NaN : normValue;
    lossRise = lossValue - Trend.medium(series.loss(), 0);
    normRise = normValue - Trend.medium(series.norm(), 0);
    normScore = batchIsOther ? Double.NaN : Trend.score(series.norm(), 0, normValue);
    takeLayerLogs(observation.layers(LayerSeries.GRAD_NORM));
    series.learn(this, observation);
  }

  private void takeLayerLogs(float @Nullable [] norms) {
    if (norms == null || skipped) {
      return;
    }
    if (norms.length > layerLogs.length) {
      layerLogs = new double[norms.length];
    }
    if (isUnscaled()) {
      logPass.of(norms, layerLogs);
    } else {
      for (int i = 0; i < norms.length; i++) {
        layerLogs[i] = NaturalLog.of(withoutLossScale(norms[i]));
      }
    }
  }

  private static boolean anyNonFinite(Observation observation) {
    return isReportedNonFinite(observation, Scalar.LOSS)
        || isReportedNonFinite(observation, Scalar.GRAD_NORM)
        || isReportedNonFinite(observation, Scalar.GRAD_ABS_MAX)
        || observation.get(Scalar.NONFINITE_COUNT) > 0
        || anyNonFiniteLayer(observation);
  }

  /**
   * A layer with a NaN gradient makes the global norm NaN; where that is finite, NaN stands for a
   * layer without a gradient (frozen, not reported). An infinity is one always.
   */
  private static boolean anyNonFiniteLayer(Observation observation) {
    float[] gradients = observation.layers(LayerSeries.GRAD_NORM);
    float[] weights = observation.layers(LayerSeries.WEIGHT_NORM);
    return Double.isFinite(observation.get(Scalar.GRAD_NORM))
        ? anyNonFinite(gradients, false) || anyNonFinite(weights, false)
        : anyNonFinite(gradients) || anyNonFinite(weights);
  }

  static boolean isReportedNonFinite(Observation observation, Scalar scalar) {
    return observation.has(scalar) && !Double.isFinite(observation.get(scalar));
  }

  /** False where none was reported. */
  static boolean anyNonFinite(float @Nullable [] values) {
    return anyNonFinite(values, true);
  }

  private static boolean anyNonFinite(float @Nullable [] values, boolean countsNan) {
    if (values == null) {
      return false;
    }
    for (float value : values) {
      // One comparison for a value as nearly all are.
      if (!(Math.abs(value) <= Float.MAX_VALUE) && (countsNan || !Float.isNaN(value))) {
        return true;
      }
    }
    return false;
  }

  /**
   * ln of the gradient norm that a layer reported at this step, without its loss scale; not finite
   * where the norm is 0 or not finite. Known where layers were reported and the update was not
   * skipped.
   */
  double layerLog(int layer) {
    return layerLogs[layer];
  }

  /** {@link #layerLog} of all layers, and more numbers behind them. */
  double[] layerLogs() {
    return layerLogs;
  }

  /** Room for a pass through the trends of all layers. */
  TrendPass trendPass() {
    return trendPass;
  }

  /** True when norms were reported as they are, or are taken as they were reported. */
  boolean isUnscaled() {
    return scale == 1;
  }

  /** A reported norm without its loss scale. */
  public double withoutLossScale(double reported) {
    return scale == 1 ? reported : reported / scale;
  }

  /** The optimizer step. */
  public long step() {
    return step;
  }

  /** All that was reported, as it was reported. */
  public Observation observation() {
    return observation;
  }

  /** The loss as reported; NaN also when not reported. */
  public double loss() {
    return loss;
  }

  /**
   * The loss as its trend takes it: its logarithm, or itself where the run's losses are not
   * positive.
   */
  public double lossValue() {
    return lossValue;
  }

  /** Spreads of the loss above its medium level before this step; NaN until that is known. */
  public double lossScore() {
    return lossScore;
  }

  /** How far the loss lies above its medium level before this step, as its trend takes it. */
  double lossRise() {
    return lossRise;
  }

  /** How far the log-norm lies above its medium level before this step. */
  double normRise() {
    return normRise;
  }

  /** The global gradient norm without loss scale; NaN also when not reported. */
  public double norm() {
    return norm;
  }

  /** Logarithm of the norm; not finite where the norm is 0, not finite or of a skipped update. */
  public double normValue() {
    return normValue;
  }

  /** Spreads of the log-norm above its medium level before this step; NaN until that is known. */
  public double normScore() {
    return normScore;
  }

  /** True when a NaN or infinity was reported for loss, gradient or weights. */
  public boolean nonFinite() {
    return nonFinite;
  }

  /** True when the loss scaler skipped the update. */
  public boolean skipped() {
    return skipped;
  }

  /** True when the batch is not of the run's usual size: neither loss nor norm compares. */
  public boolean batchIsOther() {
    return batchIsOther;
  }

  /** True when the norms may be of another measure: they are neither scored nor learnt. */
  boolean normIsHeld() {
    return normIsHeld;
  }
}

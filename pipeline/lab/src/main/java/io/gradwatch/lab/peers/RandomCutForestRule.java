package io.gradwatch.lab.peers;

import com.amazon.randomcutforest.config.TransformMethod;
import com.amazon.randomcutforest.parkservices.ThresholdedRandomCutForest;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * AWS Random Cut Forest over ln(loss) and ln(norm of the gradient) of one run, an alarm where its
 * own anomaly grade is above 0 (Guha et al., "Robust random cut forest based anomaly detection on
 * streams", ICML 2016; {@code randomcutforest-parkservices} 4.4.0).
 *
 * <p>Set up as OpenSearch's anomaly detection sets it up: shingles of 8, 50 trees of 256 samples,
 * normalised values, anomaly rate 0.005, first verdict after 32 points, level shifts learnt. The
 * forest takes finite numbers only: a loss that is none is an alarm as it is to every trainer, a
 * step whose norm is none is passed over, as loss scalers do. A loss that is not positive enters as
 * it is.
 */
final class RandomCutForestRule implements PeerRule {
  private static final int SERIES = 2;
  private static final int SHINGLE = 8;
  private static final int TREES = 50;
  private static final int SAMPLES = 256;
  private static final int OUTPUT_AFTER = 32;
  private static final double ANOMALY_RATE = 0.005;
  private static final double TIME_DECAY = 0.0001;

  /** Least norm that has a logarithm worth looking at. */
  private static final double LEAST_NORM = 1e-30;

  private final ThresholdedRandomCutForest forest =
      ThresholdedRandomCutForest.builder()
          .dimensions(SERIES * SHINGLE)
          .shingleSize(SHINGLE)
          .numberOfTrees(TREES)
          .sampleSize(SAMPLES)
          .outputAfter(OUTPUT_AFTER)
          .initialAcceptFraction((double) OUTPUT_AFTER / SAMPLES)
          .timeDecay(TIME_DECAY)
          .transformDecay(TIME_DECAY)
          .transformMethod(TransformMethod.NORMALIZE)
          .anomalyRate(ANOMALY_RATE)
          .autoAdjust(true)
          .randomSeed(0)
          .build();

  private long steps;

  @Override
  public @Nullable Verdict observe(Observation observation) {
    if (!observation.has(Scalar.LOSS) || !observation.has(Scalar.GRAD_NORM)) {
      return null;
    }
    double loss = observation.get(Scalar.LOSS);
    double norm = observation.get(Scalar.GRAD_NORM);
    if (!Double.isFinite(loss)) {
      return Verdict.NON_FINITE;
    }
    if (!Double.isFinite(norm)) {
      return null;
    }
    double[] point = {loss > 0 ? Math.log(loss) : loss, Math.log(Math.max(norm, LEAST_NORM))};
    return forest.process(point, steps++).getAnomalyGrade() > 0 ? Verdict.LOSS : null;
  }
}

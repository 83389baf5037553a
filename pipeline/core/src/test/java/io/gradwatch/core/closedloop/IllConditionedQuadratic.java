package io.gradwatch.core.closedloop;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Least squares in 20 dimensions, whose curvatures lie between 0.01 and 1: a quadratic that is seen
 * through small batches. A learning rate of 0.2 is stable on sound batches; a corrupt one, whose
 * curvature is 900 times as large, throws the weights so far out that the flat directions do not
 * come back.
 */
final class IllConditionedQuadratic implements Trainee {
  private static final int DIMENSION = 20;
  private static final double LEAST_CURVATURE = 0.01;

  /** Standard deviation of what no weights can explain of a target. */
  private static final double NOISE = 0.3;

  private final SplittableRandom random;
  private final int batch;
  private final double learningRate;
  private final double[] scales = new double[DIMENSION];
  private final double[] errors = new double[DIMENSION];
  private final double[] gradient = new double[DIMENSION];
  private final double[] input = new double[DIMENSION];

  IllConditionedQuadratic(long seed, int batch, double learningRate) {
    this.random = new SplittableRandom(seed);
    this.batch = batch;
    this.learningRate = learningRate;
    for (int i = 0; i < DIMENSION; i++) {
      scales[i] = StrictMath.pow(LEAST_CURVATURE, 0.5 * i / (DIMENSION - 1));
      errors[i] = Noise.next(random);
    }
  }

  @Override
  public double learningRate() {
    return learningRate;
  }

  @Override
  public double draw(double factor) {
    Arrays.fill(gradient, 0);
    double loss = 0;
    for (int sample = 0; sample < batch; sample++) {
      double residual = factor * factor * NOISE * Noise.next(random);
      for (int i = 0; i < DIMENSION; i++) {
        input[i] = factor * scales[i] * Noise.next(random);
        residual += input[i] * errors[i];
      }
      loss += 0.5 * residual * residual / batch;
      for (int i = 0; i < DIMENSION; i++) {
        gradient[i] += residual * input[i] / batch;
      }
    }
    return loss;
  }

  @Override
  public double gradientNorm() {
    return Norm.of(gradient);
  }

  @Override
  public void descend(double clip) {
    for (int i = 0; i < DIMENSION; i++) {
      errors[i] -= learningRate * clip * gradient[i];
    }
  }

  @Override
  public double evaluate() {
    double loss = 0.5 * NOISE * NOISE;
    for (int i = 0; i < DIMENSION; i++) {
      loss += 0.5 * scales[i] * scales[i] * errors[i] * errors[i];
    }
    return loss;
  }
}

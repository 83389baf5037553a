package io.gradwatch.core.closedloop;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A network of three layers with ReLU in between that learns a smooth function of four inputs by
 * least squares. Its gradient grows with the inputs, the residual and the weights together, so that
 * one corrupt batch multiplies the norm by thousands and a step that is too long leads to longer
 * ones.
 */
final class TinyNetwork implements Trainee {
  private static final int[] WIDTHS = {4, 8, 8, 1};

  /** Slope of an activation below zero, so that no step can kill the network for good. */
  private static final double LEAK = 0.1;

  private static final int HELD_OUT = 64;

  /** Standard deviation of what no model can explain of a target. */
  private static final double NOISE = 0.3;

  private final SplittableRandom random;
  private final int batch;
  private final double learningRate;
  private final double[] teacher = new double[WIDTHS[0]];
  private final double[][] weights = new double[WIDTHS.length - 1][];
  private final double[][] biases = new double[WIDTHS.length - 1][];
  private final double[][] weightGradients = new double[WIDTHS.length - 1][];
  private final double[][] biasGradients = new double[WIDTHS.length - 1][];
  private final double[][] activations = new double[WIDTHS.length][];
  private final double[][] slopes = new double[WIDTHS.length][];
  private final double[][] heldOut = new double[HELD_OUT][WIDTHS[0]];

  /**
   * A network before training.
   *
   * @param gain factor on the weights at the start: 1 keeps the scale of the inputs, less starts on
   *     a plateau
   */
  TinyNetwork(long seed, int batch, double learningRate, double gain) {
    this.random = new SplittableRandom(seed);
    this.batch = batch;
    this.learningRate = learningRate;
    fill(teacher, 1);
    for (int layer = 0; layer < weights.length; layer++) {
      int in = WIDTHS[layer];
      int out = WIDTHS[layer + 1];
      weights[layer] = new double[in * out];
      biases[layer] = new double[out];
      weightGradients[layer] = new double[in * out];
      biasGradients[layer] = new double[out];
      fill(weights[layer], gain * Math.sqrt(2.0 / in));
    }
    for (int layer = 0; layer < WIDTHS.length; layer++) {
      activations[layer] = new double[WIDTHS[layer]];
      slopes[layer] = new double[WIDTHS[layer]];
    }
    for (double[] input : heldOut) {
      fill(input, 1);
    }
  }

  @Override
  public double learningRate() {
    return learningRate;
  }

  @Override
  public double draw(double factor) {
    for (int layer = 0; layer < weights.length; layer++) {
      Arrays.fill(weightGradients[layer], 0);
      Arrays.fill(biasGradients[layer], 0);
    }
    double loss = 0;
    double[] input = activations[0];
    for (int sample = 0; sample < batch; sample++) {
      fill(input, 1);
      double target = factor * (target(input) + factor * NOISE * Noise.next(random));
      for (int i = 0; i < input.length; i++) {
        input[i] *= factor;
      }
      double residual = predict() - target;
      loss += residual * residual / batch;
      backward(2 * residual / batch);
    }
    return loss;
  }

  @Override
  public double gradientNorm() {
    double squares = 0;
    for (int layer = 0; layer < weights.length; layer++) {
      squares += square(Norm.of(weightGradients[layer])) + square(Norm.of(biasGradients[layer]));
    }
    return Math.sqrt(squares);
  }

  @Override
  public void descend(double clip) {
    for (int layer = 0; layer < weights.length; layer++) {
      descend(weights[layer], weightGradients[layer], clip);
      descend(biases[layer], biasGradients[layer], clip);
    }
  }

  @Override
  public double evaluate() {
    double loss = NOISE * NOISE;
    for (double[] input : heldOut) {
      System.arraycopy(input, 0, activations[0], 0, input.length);
      loss += square(predict() - target(input)) / HELD_OUT;
    }
    return loss;
  }

  private double target(double[] input) {
    double sum = 0;
    for (int i = 0; i < input.length; i++) {
      sum += teacher[i] * input[i];
    }
    return sum + Math.abs(input[0] - input[1]);
  }

  /** Output for the input in the first row of activations; fills the others. */
  private double predict() {
    for (int layer = 0; layer < weights.length; layer++) {
      double[] in = activations[layer];
      double[] out = activations[layer + 1];
      boolean last = layer == weights.length - 1;
      for (int j = 0; j < out.length; j++) {
        double sum = biases[layer][j];
        for (int i = 0; i < in.length; i++) {
          sum += weights[layer][j * in.length + i] * in[i];
        }
        out[j] = last || !(sum < 0) ? sum : LEAK * sum;
      }
    }
    return activations[weights.length][0];
  }

  /** Adds the gradient of the sample predicted last, given the slope of the loss at the output. */
  private void backward(double slope) {
    slopes[weights.length][0] = slope;
    for (int layer = weights.length - 1; layer >= 0; layer--) {
      double[] in = activations[layer];
      double[] above = slopes[layer + 1];
      double[] below = slopes[layer];
      Arrays.fill(below, 0);
      for (int j = 0; j < above.length; j++) {
        biasGradients[layer][j] += above[j];
        for (int i = 0; i < in.length; i++) {
          weightGradients[layer][j * in.length + i] += above[j] * in[i];
          below[i] += above[j] * weights[layer][j * in.length + i];
        }
      }
      for (int i = 0; i < in.length; i++) {
        below[i] = in[i] < 0 ? LEAK * below[i] : below[i];
      }
    }
  }

  private void descend(double[] values, double[] gradient, double clip) {
    for (int i = 0; i < values.length; i++) {
      values[i] -= learningRate * clip * gradient[i];
    }
  }

  private void fill(double[] values, double scale) {
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * Noise.next(random);
    }
  }

  private static double square(double value) {
    return value * value;
  }
}

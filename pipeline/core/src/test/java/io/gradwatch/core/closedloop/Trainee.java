package io.gradwatch.core.closedloop;

/** A model in training by plain gradient descent. */
interface Trainee {
  /** Step size; an update moves the weights by this times the gradient, clipped or not. */
  double learningRate();

  /**
   * Draws the next batch and computes its gradient.
   *
   * @param factor multiplies the inputs and the targets of the batch: 1 leaves it sound, 30
   *     corrupts it, NaN makes loss and gradient NaN
   * @return loss of the batch
   */
  double draw(double factor);

  /** Global L2 norm of the gradient of the batch drawn last. */
  double gradientNorm();

  /**
   * Updates the weights by the gradient of the batch drawn last.
   *
   * @param clip multiplies the gradient, 0 to 1
   */
  void descend(double clip);

  /** Loss on data that is never corrupt; not finite when the weights are not. */
  double evaluate();
}

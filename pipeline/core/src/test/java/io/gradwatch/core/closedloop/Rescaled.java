package io.gradwatch.core.closedloop;

/**
 * The same training with its loss in another unit: loss and gradient are multiplied, the learning
 * rate is divided, so that the weights go the same way.
 */
record Rescaled(Trainee trainee, double factor) implements Trainee {
  @Override
  public double learningRate() {
    return trainee.learningRate() / factor;
  }

  @Override
  public double draw(double stress) {
    return factor * trainee.draw(stress);
  }

  @Override
  public double gradientNorm() {
    return factor * trainee.gradientNorm();
  }

  @Override
  public void descend(double clip) {
    trainee.descend(clip);
  }

  @Override
  public double evaluate() {
    return factor * trainee.evaluate();
  }
}

package io.gradwatch.agent.load;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Values times a factor, as the list that records want, without a copy. */
public final class Scaled extends AbstractList<Float> implements RandomAccess {
  private final float[] values;
  private final double factor;

  /** Keeps the values, which are not to be changed. */
  public Scaled(float[] values, double factor) {
    this.values = values;
    this.factor = factor;
  }

  @Override
  public Float get(int index) {
    return (float) (factor * values[index]);
  }

  @Override
  public int size() {
    return values.length;
  }
}

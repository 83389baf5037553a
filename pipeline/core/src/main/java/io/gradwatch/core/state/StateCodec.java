package io.gradwatch.core.state;

import java.util.List;

/**
 * Walks the fields of a state in a fixed order: a writer writes each value it is handed and returns
 * it, a reader ignores what it is handed and returns what was written. So one method of a state
 * ({@link State#fields}) is its whole binary form.
 *
 * <p>Arrays carry their length. A state that has grown since it was written finds a shorter array;
 * missing cells are zeros, and all-zero means that nothing was seen.
 */
public interface StateCodec {
  /**
   * True when the state that is walked has the fields which came with this version; a writer writes
   * the newest version always.
   */
  default boolean since(int version) {
    return true;
  }

  int i32(int value);

  long i64(long value);

  double f64(double value);

  boolean flag(boolean value);

  String text(String value);

  double[] f64s(double[] values);

  float[] f32s(float[] values);

  byte[] bytes(byte[] values);

  List<String> texts(List<String> values);
}

package io.gradwatch.producer;

import io.gradwatch.records.StepCompleted;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.PrimitivesArrays.FloatArray;
import org.jspecify.annotations.Nullable;

/** One value per layer in the form that the records carry, without a box for each. */
final class LayerValues {
  private static final Schema FLOATS =
      StepCompleted.getClassSchema().getField("layer_grad_norms").schema().getTypes().get(1);

  private LayerValues() {}

  static @Nullable List<Float> copyOf(float @Nullable [] values) {
    if (values == null) {
      return null;
    }
    FloatArray copy = new FloatArray(values.length, FLOATS);
    for (int i = 0; i < values.length; i++) {
      copy.add(i, values[i]);
    }
    return copy;
  }

  /** The value of a layer; NaN where there are none or no such layer. */
  static float get(@Nullable List<Float> values, int layer) {
    if (values == null || layer < 0 || layer >= values.size()) {
      return Float.NaN;
    }
    return values instanceof FloatArray floats ? floats.getFloat(layer) : values.get(layer);
  }
}

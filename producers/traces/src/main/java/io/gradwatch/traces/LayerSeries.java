package io.gradwatch.traces;

import io.gradwatch.records.StepCompleted;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.PrimitivesArrays.FloatArray;
import org.jspecify.annotations.Nullable;

/** The series with one value per layer: columns {@code PREFIX/NAME}, or a JSON array. */
enum LayerSeries {
  GRAD_NORM(0, "grad_norm/", "layer_grad_norms"),
  WEIGHT_NORM(1, "weight_norm/", "layer_weight_norms"),
  UPDATE_NORM(2, "update_norm/", "layer_update_norms"),
  ZERO_FRACTION(3, "zero_fraction/", "layer_zero_fractions");

  /** Number of series. */
  static final int COUNT = 4;

  /** One array's schema; all four fields have the same. */
  private static final Schema FLOATS =
      StepCompleted.getClassSchema().getField("layer_grad_norms").schema().getTypes().get(1);

  private final int index;
  private final String prefix;
  private final String arrayName;

  LayerSeries(int index, String prefix, String arrayName) {
    this.index = index;
    this.prefix = prefix;
    this.arrayName = arrayName;
  }

  /** The series of a column {@code PREFIX/NAME}; null when the column is none of a layer. */
  static @Nullable LayerSeries ofColumn(String column) {
    if (column.indexOf('/') < 0) {
      return null;
    }
    return Arrays.stream(values())
        .filter(series -> column.startsWith(series.prefix))
        .findFirst()
        .orElse(null);
  }

  /** The series of a JSON array; null when the name is none of them. */
  static @Nullable LayerSeries ofArray(String name) {
    return Arrays.stream(values())
        .filter(series -> series.arrayName.equals(name))
        .findFirst()
        .orElse(null);
  }

  /** The layer's name in a column of this series. */
  String layerName(String column) {
    return column.substring(prefix.length());
  }

  /** Place among arrays over the series, 0 to {@link #COUNT} - 1. */
  int index() {
    return index;
  }

  /** Name of the series as a JSON array. */
  String arrayName() {
    return arrayName;
  }

  /** The column of a layer in this series. */
  String column(String layer) {
    return prefix + layer;
  }

  /** Puts the values into a step, one per layer in forward order. */
  void put(StepCompleted step, float[] values, int count) {
    FloatArray array = new FloatArray(count, FLOATS);
    for (int i = 0; i < count; i++) {
      array.add(i, values[i]);
    }
    List<Float> list = array;
    switch (this) {
      case GRAD_NORM -> step.setLayerGradNorms(list);
      case WEIGHT_NORM -> step.setLayerWeightNorms(list);
      case UPDATE_NORM -> step.setLayerUpdateNorms(list);
      case ZERO_FRACTION -> step.setLayerZeroFractions(list);
    }
  }

  /**
   * The nearest float that says the same: what is finite stays finite and what is not zero does not
   * become zero, where a cast would turn 1e39 into infinity and 1e-50 into 0.
   */
  static float toFloat(double value) {
    float nearest = (float) value;
    if (Float.isInfinite(nearest) && !Double.isInfinite(value)) {
      return Math.copySign(Float.MAX_VALUE, nearest);
    }
    if (nearest == 0 && value != 0) {
      return Math.copySign(Float.MIN_VALUE, nearest);
    }
    return nearest;
  }
}

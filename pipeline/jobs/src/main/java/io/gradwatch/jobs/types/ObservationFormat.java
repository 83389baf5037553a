package io.gradwatch.jobs.types;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes of an {@link Observation}: flat, primitive, a presence bit for whatever may be absent. */
final class ObservationFormat {
  private static final Scalar[] SCALARS = Scalar.values();
  private static final LayerSeries[] SERIES = LayerSeries.values();
  private static final int ABSENT = -1;

  private ObservationFormat() {}

  static void write(Observation observation, DataOutput out) throws IOException {
    int reported = 0;
    for (Scalar scalar : SCALARS) {
      if (observation.has(scalar)) {
        reported |= 1 << scalar.index();
      }
    }
    out.writeInt(reported);
    for (Scalar scalar : SCALARS) {
      if (observation.has(scalar)) {
        out.writeLong(Double.doubleToRawLongBits(observation.get(scalar)));
      }
    }
    for (LayerSeries series : SERIES) {
      writeFloats(observation.layers(series), out);
    }
    writeHistogram(observation.histogram(), out);
    TextCollections.writeNumbers(observation.metrics(), out);
  }

  static Observation read(DataInput in) throws IOException {
    Observation observation = new Observation();
    int reported = in.readInt();
    for (Scalar scalar : SCALARS) {
      if ((reported & 1 << scalar.index()) != 0) {
        observation.set(scalar, Double.longBitsToDouble(in.readLong()));
      }
    }
    for (LayerSeries series : SERIES) {
      observation.setLayers(series, readFloats(in));
    }
    observation.setHistogram(readHistogram(in));
    observation.setMetrics(TextCollections.readNumbers(in));
    return observation;
  }

  private static void writeFloats(float @Nullable [] values, DataOutput out) throws IOException {
    if (values == null) {
      out.writeInt(ABSENT);
      return;
    }
    out.writeInt(values.length);
    for (float value : values) {
      out.writeInt(Float.floatToRawIntBits(value));
    }
  }

  private static float @Nullable [] readFloats(DataInput in) throws IOException {
    int length = in.readInt();
    if (length == ABSENT) {
      return null;
    }
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(in.readInt());
    }
    return values;
  }

  private static void writeHistogram(@Nullable Log2Histogram histogram, DataOutput out)
      throws IOException {
    out.writeBoolean(histogram != null);
    if (histogram == null) {
      return;
    }
    out.writeInt(histogram.minExponent());
    out.writeInt(histogram.counts().length);
    for (long count : histogram.counts()) {
      out.writeLong(count);
    }
    out.writeLong(histogram.zeros());
    out.writeLong(histogram.nonfinite());
  }

  private static @Nullable Log2Histogram readHistogram(DataInput in) throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    int minExponent = in.readInt();
    long[] counts = new long[in.readInt()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.readLong();
    }
    return new Log2Histogram(minExponent, counts, in.readLong(), in.readLong());
  }
}

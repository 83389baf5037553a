package io.gradwatch.jobs.types;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Bytes of an {@link Observation}: flat, primitive, a presence bit for whatever may be absent. */
final class ObservationFormat {
  private static final Scalar[] SCALARS = Scalar.values();
  private static final LayerSeries[] SERIES = LayerSeries.values();
  private static final int ABSENT = -1;

  /** Whole numbers as {@link DataOutput#writeInt} writes them. */
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

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
    // All at once: a thousand layers would else ask a thousand times whether there is room.
    byte[] bytes = new byte[Float.BYTES * values.length];
    for (int i = 0; i < values.length; i++) {
      INTS.set(bytes, Float.BYTES * i, Float.floatToRawIntBits(values[i]));
    }
    out.write(bytes);
  }

  private static float @Nullable [] readFloats(DataInput in) throws IOException {
    int length = in.readInt();
    if (length == ABSENT) {
      return null;
    }
    byte[] bytes = new byte[Float.BYTES * length];
    in.readFully(bytes);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat((int) INTS.get(bytes, Float.BYTES * i));
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

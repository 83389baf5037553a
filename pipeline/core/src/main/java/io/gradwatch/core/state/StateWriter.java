package io.gradwatch.core.state;

import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a state, big-endian, as {@link DataOutput} does. */
public final class StateWriter implements StateCodec {
  private final DataOutput out;

  public StateWriter(DataOutput out) {
    this.out = out;
  }

  @Override
  public int i32(int value) {
    try {
      out.writeInt(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return value;
  }

  @Override
  public long i64(long value) {
    try {
      out.writeLong(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return value;
  }

  @Override
  public double f64(double value) {
    i64(Double.doubleToRawLongBits(value));
    return value;
  }

  @Override
  public boolean flag(boolean value) {
    try {
      out.writeBoolean(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return value;
  }

  @Override
  public String text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
    return value;
  }

  @Override
  public byte[] bytes(byte[] values) {
    i32(values.length);
    write(values);
    return values;
  }

  @Override
  public double[] f64s(double[] values) {
    byte[] all = new byte[Double.BYTES * values.length];
    for (int i = 0; i < values.length; i++) {
      BigEndian.LONGS.set(all, Double.BYTES * i, Double.doubleToRawLongBits(values[i]));
    }
    i32(values.length);
    write(all);
    return values;
  }

  @Override
  public float[] f32s(float[] values) {
    i32(values.length);
    for (float value : values) {
      i32(Float.floatToRawIntBits(value));
    }
    return values;
  }

  @Override
  public List<String> texts(List<String> values) {
    i32(values.size());
    values.forEach(this::text);
    return values;
  }

  private void write(byte[] all) {
    try {
      out.write(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

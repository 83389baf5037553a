package io.gradwatch.core.state;

import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link StateWriter} wrote. */
public final class StateReader implements StateCodec {
  private static final byte[] NONE = {};

  private final DataInput in;
  private int version = Integer.MAX_VALUE;

  public StateReader(DataInput in) {
    this.in = in;
  }

  /** Says which version wrote what follows. */
  public void writtenBy(int writer) {
    version = writer;
  }

  @Override
  public boolean since(int needed) {
    return version >= needed;
  }

  @Override
  public int i32(int ignored) {
    try {
      return in.readInt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long i64(long ignored) {
    try {
      return in.readLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public double f64(double ignored) {
    return Double.longBitsToDouble(i64(0));
  }

  @Override
  public boolean flag(boolean ignored) {
    try {
      return in.readBoolean();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String text(String ignored) {
    return new String(bytes(NONE), StandardCharsets.UTF_8);
  }

  @Override
  public byte[] bytes(byte[] ignored) {
    return read(i32(0));
  }

  @Override
  public double[] f64s(double[] ignored) {
    byte[] all = read(Math.multiplyExact(Double.BYTES, i32(0)));
    double[] values = new double[all.length / Double.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble((long) BigEndian.LONGS.get(all, Double.BYTES * i));
    }
    return values;
  }

  @Override
  public float[] f32s(float[] ignored) {
    float[] values = new float[i32(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(i32(0));
    }
    return values;
  }

  @Override
  public List<String> texts(List<String> ignored) {
    int size = i32(0);
    List<String> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(text(""));
    }
    return List.copyOf(values);
  }

  private byte[] read(int count) {
    byte[] all = new byte[count];
    try {
      in.readFully(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}

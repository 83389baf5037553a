package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the detectors remember beyond the shared series: some numbers each, kept by name of kind.
 */
public final class DetectorMemory implements State {
  private static final double[] NONE = {};

  private final Map<AlarmKind, double[]> cells = new EnumMap<>(AlarmKind.class);

  @Override
  public void fields(StateCodec codec) {
    List<String> names =
        codec.texts(cells.keySet().stream().filter(this::hasAny).map(AlarmKind::name).toList());
    for (String name : names) {
      AlarmKind kind = AlarmKind.valueOf(name);
      double[] written = withoutZerosAtTheEnd(cells.getOrDefault(kind, NONE));
      double[] walked = codec.f64s(written);
      if (walked != written) {
        cells.put(kind, walked);
      }
    }
  }

  private boolean hasAny(AlarmKind kind) {
    return used(cells.getOrDefault(kind, NONE)) > 0;
  }

  /**
   * Zeros come back by themselves ({@link #of}). A run that reports no weights leaves three fifths
   * of its cells for layers at zero.
   */
  private static double[] withoutZerosAtTheEnd(double[] known) {
    int length = used(known);
    return length == known.length ? known : Arrays.copyOf(known, length);
  }

  /** Numbers up to the last that is not zero. */
  private static int used(double[] known) {
    int length = known.length;
    while (length > 0 && Double.doubleToRawLongBits(known[length - 1]) == 0) {
      length--;
    }
    return length;
  }

  /**
   * The numbers of one detector, zero at first.
   *
   * @param count how many it needs
   */
  public double[] of(AlarmKind kind, int count) {
    double[] known = cells.getOrDefault(kind, NONE);
    if (known.length < count) {
      known = Arrays.copyOf(known, count);
      cells.put(kind, known);
    }
    return known;
  }

  /** How many numbers of one detector there are so far. */
  int size(AlarmKind kind) {
    return cells.getOrDefault(kind, NONE).length;
  }

  /** Forgets what one detector remembers. */
  void forget(AlarmKind kind) {
    cells.remove(kind);
  }

  /** Forgets all, as at a rewind. */
  public void clear() {
    cells.clear();
  }
}

package io.gradwatch.agent.tail;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells the first three notes of a file, then one a minute with the number of those passed over.
 */
final class SparseNotes {
  private static final int FIRST = 3;
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final class Kind {
    private int told;
    private long passedOver;
    private long lastNanos;
  }

  private final Consumer<String> out;
  private final LongSupplier nanoTime;
  private final Map<String, Kind> kinds = new HashMap<>();

  SparseNotes(Consumer<String> out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  void tell(String of, String text) {
    Kind kind = kinds.computeIfAbsent(of, k -> new Kind());
    long now = nanoTime.getAsLong();
    if (kind.told >= FIRST && now - kind.lastNanos < QUIET_NANOS) {
      kind.passedOver++;
      return;
    }
    out.accept(
        kind.passedOver == 0
            ? text
            : text + " (and " + kind.passedOver + " more since the last such note)");
    kind.told++;
    kind.passedOver = 0;
    kind.lastNanos = now;
  }
}

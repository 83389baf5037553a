package io.gradwatch.jobs.functions;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * A state of each run, kept as an object from one checkpoint to the next, for backends that know
 * bytes only: those of a run with a hundred layers are 15 KB, written and read again for every
 * event. What changed is written when a checkpoint is taken; until then the backend has what it
 * had, which is what a restore would go back to.
 *
 * <p>Runs that find no room are read and written as they come. None makes room for another in
 * between: runs that step at one rate come round in a circle, in which whoever is left out longest
 * is the next to come. Those that were not heard of since the checkpoint before leave with one.
 *
 * @param <T> what is kept; may be changed in place, and then is handed to {@link #update}
 */
final class HeldState<T> implements ValueState<T> {
  private static final class Held<T> {
    private T value;
    private boolean isWritten = true;
    private boolean isAskedFor = true;

    private Held(T value) {
      this.value = value;
    }
  }

  private final ValueState<T> stored;
  private final KeyContext keys;
  private final int most;
  private final Map<String, Held<T>> held = new HashMap<>();

  /**
   * Holds what a backend stores.
   *
   * @param keys says whose state is asked for, and is told whose is written
   * @param most keys that are held at a time
   */
  HeldState(ValueState<T> stored, KeyContext keys, int most) {
    this.stored = stored;
    this.keys = keys;
    this.most = most;
  }

  @Override
  public @Nullable T value() throws IOException {
    Held<T> known = held.get(key());
    if (known != null) {
      known.isAskedFor = true;
      return known.value;
    }
    @Nullable T read = stored.value();
    if (read != null && held.size() < most) {
      held.put(key(), new Held<>(read));
    }
    return read;
  }

  @Override
  public void update(T value) throws IOException {
    Held<T> known = held.get(key());
    if (known == null && held.size() >= most) {
      stored.update(value);
      return;
    }
    if (known == null) {
      known = new Held<>(value);
      held.put(key(), known);
    }
    known.value = value;
    known.isWritten = false;
    known.isAskedFor = true;
  }

  @Override
  public void clear() {
    held.remove(key());
    stored.clear();
  }

  /** Writes what changed since it was written last. Afterwards the context is of no certain key. */
  void write() throws IOException {
    Iterator<Map.Entry<String, Held<T>>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Held<T>> entry = all.next();
      Held<T> state = entry.getValue();
      if (!state.isWritten) {
        keys.setCurrentKey(entry.getKey());
        stored.update(state.value);
        state.isWritten = true;
      }
      if (!state.isAskedFor) {
        all.remove();
      }
      state.isAskedFor = false;
    }
  }

  private String key() {
    return (String) keys.getCurrentKey();
  }
}

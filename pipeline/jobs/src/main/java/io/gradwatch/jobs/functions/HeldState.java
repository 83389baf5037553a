package io.gradwatch.jobs.functions;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * A state of each run, kept as an object from one checkpoint to the next, for backends that know
 * bytes only: those of a run with a hundred layers are 15 KB, written and read again for every
 * event. What changed is written when a checkpoint is taken, or when other runs need the room;
 * until then the backend has what it had, which is what a restore would go back to.
 *
 * @param <T> what is kept; may be changed in place, and then is handed to {@link #update}
 */
final class HeldState<T> implements ValueState<T> {
  private static final class Held<T> {
    private @Nullable T value;
    private boolean isWritten = true;

    private Held(@Nullable T value) {
      this.value = value;
    }
  }

  private final ValueState<T> stored;
  private final KeyContext keys;
  private final int most;

  /** By key, the one that was asked for last at the end. */
  private final Map<String, Held<T>> held = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Holds what a backend stores.
   *
   * @param keys says whose state is asked for, and is told whose is written
   * @param most keys that are held at a time, at least 1
   */
  HeldState(ValueState<T> stored, KeyContext keys, int most) {
    this.stored = stored;
    this.keys = keys;
    this.most = most;
  }

  @Override
  public @Nullable T value() throws IOException {
    return ofThisKey().value;
  }

  @Override
  public void update(T value) throws IOException {
    Held<T> entry = ofThisKey();
    entry.value = value;
    entry.isWritten = false;
  }

  @Override
  public void clear() {
    held.remove(key());
    stored.clear();
  }

  /** Writes what changed since it was written last. Afterwards the context is of no certain key. */
  void write() throws IOException {
    for (Map.Entry<String, Held<T>> entry : held.entrySet()) {
      write(entry.getKey(), entry.getValue());
    }
  }

  private Held<T> ofThisKey() throws IOException {
    String key = key();
    Held<T> known = held.get(key);
    if (known != null) {
      return known;
    }
    Held<T> read = new Held<>(stored.value());
    makeRoom(key);
    held.put(key, read);
    return read;
  }

  private void makeRoom(String comes) throws IOException {
    if (held.size() < most) {
      return;
    }
    var oldest = held.entrySet().iterator();
    Map.Entry<String, Held<T>> goes = oldest.next();
    write(goes.getKey(), goes.getValue());
    oldest.remove();
    keys.setCurrentKey(comes);
  }

  private void write(String key, Held<T> entry) throws IOException {
    if (!entry.isWritten) {
      keys.setCurrentKey(key);
      stored.update(entry.value);
      entry.isWritten = true;
    }
  }

  private String key() {
    return (String) keys.getCurrentKey();
  }
}

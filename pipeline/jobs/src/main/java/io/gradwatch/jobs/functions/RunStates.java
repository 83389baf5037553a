package io.gradwatch.jobs.functions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/** The states of one task's runs, held as objects where the backend does not do that itself. */
final class RunStates {
  private final RuntimeContext backend;
  private final @Nullable KeyContext keys;
  private final int most;
  private final List<HeldState<?>> held = new ArrayList<>();

  /**
   * The states in a backend.
   *
   * @param keys null: the backend keeps objects itself
   * @param most runs whose states are held at a time; 0: none
   */
  RunStates(RuntimeContext backend, @Nullable KeyContext keys, int most) {
    this.backend = backend;
    this.keys = keys;
    this.most = most;
  }

  /** The state of that name. */
  <T> ValueState<T> of(ValueStateDescriptor<T> descriptor) {
    ValueState<T> stored = backend.getState(descriptor);
    if (keys == null || most == 0) {
      return stored;
    }
    HeldState<T> holding = new HeldState<>(stored, keys, most);
    held.add(holding);
    return holding;
  }

  /** Writes to the backend what changed since the checkpoint before. */
  void write() throws IOException {
    for (HeldState<?> state : held) {
      state.write();
    }
  }
}

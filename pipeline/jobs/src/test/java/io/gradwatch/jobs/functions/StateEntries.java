package io.gradwatch.jobs.functions;

import java.util.stream.Stream;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;

/** What a task remembers. */
final class StateEntries {
  private StateEntries() {}

  /** Number of keys that have something in these states, each state counted for itself. */
  static long count(StreamOperator<?> operator, String... states) {
    KeyedStateBackend<?> backend = ((AbstractStreamOperator<?>) operator).getKeyedStateBackend();
    long count = 0;
    for (String state : states) {
      try (Stream<?> keys = backend.getKeys(state, VoidNamespace.INSTANCE)) {
        count += keys.count();
      }
    }
    return count;
  }
}

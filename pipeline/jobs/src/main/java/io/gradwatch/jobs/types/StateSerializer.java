package io.gradwatch.jobs.types;

import io.gradwatch.core.state.State;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Bytes of a state of the core: its own binary form, which begins with its version, so that states
 * of several versions may lie side by side.
 */
abstract class StateSerializer<S extends State> extends TypeSerializerSingleton<S> {
  /** Writes the state's own binary form. */
  abstract void write(S state, DataOutput out);

  /** Reads it. */
  abstract S read(DataInput in);

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public S copy(S from, S reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(S state, DataOutputView target) throws IOException {
    try {
      write(state, target);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public S deserialize(DataInputView source) throws IOException {
    try {
      return read(source);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public S deserialize(S reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }
}

package io.gradwatch.core.monitor;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;

/**
 * All that is remembered of one run: plain data, no configuration, no behaviour. A new one has seen
 * nothing.
 */
public final class RunState implements State {
  /** Version of the binary form, its first four bytes. */
  public static final int VERSION = 1;

  long stepsSeen;

  @Override
  public void fields(StateCodec codec) {
    stepsSeen = codec.i64(stepsSeen);
  }

  /** Writes the binary form. */
  public void write(DataOutput out) {
    StateWriter writer = new StateWriter(out);
    writer.i32(VERSION);
    fields(writer);
  }

  /**
   * Reads the binary form.
   *
   * @throws IllegalStateException when it was written by a version this code does not know
   */
  public static RunState read(DataInput in) {
    StateReader reader = new StateReader(in);
    int version = reader.i32(0);
    if (version != VERSION) {
      throw new IllegalStateException(
          "run state has version " + version + ", this build reads version " + VERSION);
    }
    RunState state = new RunState();
    state.fields(reader);
    return state;
  }

  /** The binary form as an array. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** The inverse of {@link #toBytes}. */
  public static RunState fromBytes(byte[] bytes) {
    return read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  /** An independent copy. */
  public RunState copy() {
    return fromBytes(toBytes());
  }
}

package io.gradwatch.core.monitor;

import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;

/**
 * What a run had learnt at a checkpoint, kept for the case that it goes back there: the levels of
 * its series and what clip advice rests on. Not what detectors count, which begins anew, nor what
 * was counted or told, which stays.
 *
 * <p>Kept as bytes, in the form that the state itself has, so that it costs no more than those and
 * a later build reads it as it reads a state: by the version it begins with.
 */
final class Baselines {
  private Baselines() {}

  /** The baselines of now. */
  static byte[] of(RunState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StateWriter writer = new StateWriter(new DataOutputStream(bytes));
    writer.i32(RunState.VERSION);
    walk(state, writer);
    return bytes.toByteArray();
  }

  /**
   * Puts baselines in the place of what was learnt since.
   *
   * @return false where none were kept, and nothing changed
   */
  static boolean restore(RunState state, byte[] baselines) {
    if (baselines.length == 0) {
      return false;
    }
    StateReader reader = new StateReader(new DataInputStream(new ByteArrayInputStream(baselines)));
    reader.writtenBy(reader.i32(0));
    walk(state, reader);
    return true;
  }

  private static void walk(RunState state, StateCodec codec) {
    state.series.baselines(codec);
    state.advice.baselines(codec);
    state.scopes.baselines(codec);
  }
}

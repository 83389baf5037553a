package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.OpenAlarms;
import io.gradwatch.core.clip.Advice;
import io.gradwatch.core.clip.ClipEngagement;
import io.gradwatch.core.clip.ScopeAdvice;
import io.gradwatch.core.detect.DetectorMemory;
import io.gradwatch.core.detect.RunSeries;
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
import java.util.List;

/**
 * All that is remembered of one run: plain data, no configuration, no behaviour. A new one has seen
 * nothing.
 */
public final class RunState implements State {
  /** Version of the binary form, its first four bytes. */
  public static final int VERSION = 4;

  /** Oldest version that is read. */
  private static final int OLDEST = 1;

  final RunSeries series = new RunSeries();
  final DetectorMemory memory = new DetectorMemory();
  final OpenAlarms openAlarms = new OpenAlarms();
  final Advice advice = new Advice();
  final ScopeAdvice scopes = new ScopeAdvice();
  final ClipEngagement engagement = new ClipEngagement();
  final Checkpoints checkpoints = new Checkpoints();
  final ReorderBuffer waiting = new ReorderBuffer();

  int attempt;

  /** Least step of this attempt that is new: one more than the newest seen. */
  long nextStep;

  /**
   * Where the run stands: one more than the newest step, or the first of an attempt that is less.
   */
  long position;

  /** Observations that the newest record of statistics knows of. */
  long toldSteps;

  boolean wholeRunSpeaks;
  boolean normScaled;
  List<String> layerNames = List.of();

  @Override
  public void fields(StateCodec codec) {
    series.fields(codec);
    memory.fields(codec);
    if (!codec.since(2)) {
      // The first detectors counted other things in the same cells.
      memory.clear();
    }
    openAlarms.fields(codec);
    advice.fields(codec);
    attempt = codec.i32(attempt);
    nextStep = codec.i64(nextStep);
    toldSteps = codec.i64(toldSteps);
    wholeRunSpeaks = codec.flag(wholeRunSpeaks);
    normScaled = codec.flag(normScaled);
    layerNames = codec.texts(layerNames);
    checkpoints.fields(codec);
    if (codec.since(3)) {
      engagement.fields(codec);
      scopes.fields(codec);
      position = codec.i64(position);
      waiting.fields(codec);
    } else {
      position = nextStep;
    }
  }

  /** True while a CRITICAL alarm is open. */
  public boolean pageIsOpen() {
    return openAlarms.pageIsOpen();
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
    if (version < OLDEST || version > VERSION) {
      throw new IllegalStateException(
          "run state has version " + version + ", this build reads " + OLDEST + " to " + VERSION);
    }
    reader.writtenBy(version);
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

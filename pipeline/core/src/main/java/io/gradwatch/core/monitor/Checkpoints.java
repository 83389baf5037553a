package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.Alarm.Checkpoint;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import org.jspecify.annotations.Nullable;

/** The two newest checkpoints that a run announced, each with the baselines of that moment. */
final class Checkpoints implements State {
  private static final byte[] NONE = {};

  private long step;
  private String uri = "";
  private byte[] baselines = NONE;
  private long olderStep;
  private String olderUri = "";
  private byte[] olderBaselines = NONE;

  @Override
  public void fields(StateCodec codec) {
    step = codec.i64(step);
    uri = codec.text(uri);
    olderStep = codec.i64(olderStep);
    olderUri = codec.text(olderUri);
    if (codec.since(3)) {
      baselines = codec.bytes(baselines);
      olderBaselines = codec.bytes(olderBaselines);
    }
  }

  /** True for a checkpoint that is newer than those known: any other changes nothing. */
  boolean isNew(Checkpoint checkpoint) {
    return (uri.isEmpty() && baselines.length == 0) || checkpoint.step() > step;
  }

  /**
   * Remembers a checkpoint that is new.
   *
   * @param known {@link Baselines} as they are now
   */
  void remember(Checkpoint checkpoint, byte[] known) {
    olderStep = step;
    olderUri = uri;
    olderBaselines = baselines;
    step = checkpoint.step();
    uri = checkpoint.uri();
    baselines = known;
  }

  /** Forgets the checkpoints after a step: they belong to what was given up by going back. */
  void forgetAfter(long last) {
    for (int kept = 0; kept < 2 && step > last; kept++) {
      step = olderStep;
      uri = olderUri;
      baselines = olderBaselines;
      olderStep = 0;
      olderUri = "";
      olderBaselines = NONE;
    }
  }

  /** Forgets baselines: norms are measured otherwise from now on. */
  void forgetBaselines() {
    baselines = NONE;
    olderBaselines = NONE;
  }

  /** Baselines at the newest checkpoint; empty when none are kept. */
  byte[] baselines() {
    return baselines;
  }

  /** Newest checkpoint at or before a step that says where it lies; null when none is known. */
  @Nullable Checkpoint before(long last) {
    if (!uri.isEmpty() && step <= last) {
      return new Checkpoint(step, uri);
    }
    if (!olderUri.isEmpty() && olderStep <= last) {
      return new Checkpoint(olderStep, olderUri);
    }
    return null;
  }
}

package io.gradwatch.traces;

import java.util.List;

/**
 * How far a run is read: what must be known to read on where another reader stopped.
 *
 * @param attempt the newest attempt
 * @param lastStep the newest step of it; {@link #NO_STEP} before the first
 * @param normReported whether a gradient norm was seen: from then on 0 is one, too
 * @param layerNames layers in forward order, as told last
 */
public record RunProgress(
    int attempt, long lastStep, boolean normReported, List<String> layerNames) {
  /** No step was read yet. */
  public static final long NO_STEP = -1;

  /** Nothing was read yet. */
  public static final RunProgress START = new RunProgress(0, NO_STEP, false, List.of());

  public RunProgress {
    layerNames = List.copyOf(layerNames);
  }

  /** The same in an attempt that is at least this. */
  public RunProgress inAttempt(int least) {
    return least <= attempt ? this : new RunProgress(least, NO_STEP, normReported, layerNames);
  }
}

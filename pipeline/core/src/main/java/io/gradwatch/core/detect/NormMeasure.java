package io.gradwatch.core.detect;

import io.gradwatch.core.stats.Trend;

/**
 * Whether gradient norms are still measured as before. Weights do not change while a run is
 * stopped, so its first norms after a restart, or after the number of ranks changed, are those it
 * had before; norms that differ by one factor while the loss does not are another measure (summed
 * instead of averaged over ranks: k or sqrt(k) for k times the ranks). A flyweight over {@link
 * #CELLS} cells of an array of the caller, all zero at first.
 */
final class NormMeasure {
  static final int CELLS = 15;

  /** Values in a row that must differ by the same factor. */
  static final int PERSISTENCE = 3;

  /** Observations after a restart within which they must come, norms that are absent included. */
  private static final int WATCHED = 20;

  /** ln of the least factor: below sqrt(2), which doubling the ranks may make. */
  private static final double LEAST = 0.3;

  /** Spreads of the norm by which it must differ, and of the loss by which that may. */
  private static final double SPREADS = 4;

  private static final int WORLD = 0;
  private static final int WORLD_BEFORE = 1;

  /** Observations for which norms are still watched. */
  private static final int WATCH = 2;

  /** Between these two lay ln(norm) before. */
  private static final int LOWER = 3;

  private static final int UPPER = 4;
  private static final int ROW = 5;

  /** Mean ln of the factor in that row. */
  private static final int SHIFT = 6;

  /** Step of the newest change, plus 1; 0: there was none. */
  private static final int CHANGED = 7;

  /** Its first step. */
  private static final int ONSET = 8;

  private static final int FACTOR = 9;

  /** The newest norm as it was reported, and its loss scale. */
  private static final int LAST_NORM = 10;

  private static final int LAST_SCALE = 11;

  /** Changes of the loss scale that the norm followed, less those that it did not. */
  private static final int FOLLOWED = 12;

  /** 1 when norms are multiplied by the loss scale although the run did not say so. */
  private static final int SCALED = 13;

  /** What the newest change is of: 1 for SCALED, -1 for UNSCALED, 0 for FACTOR. */
  private static final int CAUSE = 14;

  /** Changes that must have been followed, and most that are counted either way. */
  private static final double ENOUGH = 2.5;

  private static final double MOST = 3;

  /** What a change of measure is of. */
  enum Cause {
    /** Norms differ by a factor since a restart. */
    FACTOR,
    /** Norms were found to be multiplied by the loss scale. */
    SCALED,
    /** Norms that were are not any more. */
    UNSCALED
  }

  private NormMeasure() {}

  /** Takes the number of ranks that the run told. */
  static void worldSize(double[] cells, double[] norm, int size) {
    if (cells[WORLD] == size) {
      return;
    }
    boolean changed = cells[WORLD] > 0;
    cells[WORLD_BEFORE] = changed ? cells[WORLD] : size;
    cells[WORLD] = size;
    if (changed && cells[WATCH] == 0) {
      watch(cells, norm, false);
    }
  }

  /**
   * The run restarted.
   *
   * @param wentBack true when at an earlier step: its norms may be any between then and now
   */
  static void watch(double[] cells, double[] norm, boolean wentBack) {
    cells[CHANGED] = 0;
    cells[LAST_SCALE] = 0;
    cells[FOLLOWED] = isScaled(cells) ? 0 : cells[FOLLOWED];
    if (!Trend.ready(norm, 0)) {
      return;
    }
    double medium = Trend.medium(norm, 0);
    cells[WATCH] = WATCHED;
    cells[ROW] = 0;
    cells[LOWER] = wentBack ? Math.min(medium, Trend.low(norm, 0)) : medium;
    cells[UPPER] = medium;
  }

  /**
   * Takes an observation; true while its norm is held back, as it may be of another measure.
   *
   * @param normValue ln(norm)
   * @param lossScore spreads of the loss above its level
   */
  static boolean holds(
      double[] cells, double[] norm, long step, double normValue, double lossScore) {
    if (cells[WATCH] == 0) {
      return false;
    }
    cells[WATCH]--;
    if (!Double.isFinite(normValue)) {
      return false;
    }
    double shift =
        normValue > cells[UPPER] ? normValue - cells[UPPER] : Math.min(0, normValue - cells[LOWER]);
    double least = Math.max(LEAST, SPREADS * Trend.floorOfSpread(norm, 0));
    boolean steady = cells[ROW] == 0 || Math.abs(shift - cells[SHIFT]) < least;
    if (Math.abs(shift) < least || !steady || Math.abs(lossScore) > SPREADS) {
      cells[WATCH] = 0;
      cells[ROW] = 0;
      return false;
    }
    if (cells[ROW]++ == 0) {
      cells[ONSET] = step;
      cells[SHIFT] = 0;
    }
    cells[SHIFT] += (shift - cells[SHIFT]) / cells[ROW];
    if (cells[ROW] >= PERSISTENCE) {
      boolean unscaled =
          isScaled(cells) && Math.abs(cells[SHIFT] + StrictMath.log(cells[LAST_SCALE])) < least;
      change(cells, step, unscaled ? Cause.UNSCALED : Cause.FACTOR, StrictMath.exp(cells[SHIFT]));
    }
    return true;
  }

  /**
   * Compares the change of a norm with that of the loss scale: 1 for a norm that follows it
   * exactly, -1 for one that does not, in between by its noise. A norm that repeats is stale.
   *
   * @param norm as it was reported
   */
  static void compare(double[] cells, long step, double norm, double scale) {
    boolean known = norm > 0 && scale > 0 && Double.isFinite(norm) && Double.isFinite(scale);
    if (!known || norm == cells[LAST_NORM]) {
      return;
    }
    if (cells[LAST_SCALE] > 0 && scale != cells[LAST_SCALE]) {
      double expected = StrictMath.log(scale) - StrictMath.log(cells[LAST_SCALE]);
      double found = StrictMath.log(norm) - StrictMath.log(cells[LAST_NORM]);
      double followed = (Math.abs(found) - Math.abs(found - expected)) / Math.abs(expected);
      if (Double.isFinite(followed)) {
        cells[FOLLOWED] = Math.max(-MOST, Math.min(MOST, cells[FOLLOWED] + followed));
      }
      if (cells[FOLLOWED] >= ENOUGH && !isScaled(cells)) {
        cells[ONSET] = step;
        change(cells, step, Cause.SCALED, 1 / scale);
      } else if (cells[FOLLOWED] <= -ENOUGH && isScaled(cells)) {
        cells[ONSET] = step;
        change(cells, step, Cause.UNSCALED, scale);
      }
    }
    cells[LAST_NORM] = norm;
    cells[LAST_SCALE] = scale;
  }

  private static void change(double[] cells, long step, Cause cause, double factor) {
    cells[WATCH] = 0;
    cells[CHANGED] = step + 1;
    cells[CAUSE] =
        switch (cause) {
          case FACTOR -> 0;
          case SCALED -> 1;
          case UNSCALED -> -1;
        };
    cells[FACTOR] = factor;
    if (cause != Cause.FACTOR) {
      cells[SCALED] = Math.max(0, cells[CAUSE]);
      cells[FOLLOWED] = MOST * cells[CAUSE];
    }
  }

  /** What the newest change is of. */
  static Cause cause(double[] cells) {
    if (cells[CAUSE] == 0) {
      return Cause.FACTOR;
    }
    return cells[CAUSE] > 0 ? Cause.SCALED : Cause.UNSCALED;
  }

  /** True when norms were found to be multiplied by the loss scale. */
  static boolean isScaled(double[] cells) {
    return cells[SCALED] > 0;
  }

  /** True when the measure was found changed at this step: what is known of norms is void. */
  static boolean changedAt(double[] cells, long step) {
    return cells[CHANGED] == step + 1;
  }

  /** First step of the newest change. */
  static long onset(double[] cells) {
    return (long) cells[ONSET];
  }

  /** Norm after the newest change over norm before. */
  static double factor(double[] cells) {
    return cells[FACTOR];
  }

  /** Ranks after the newest change of their number over ranks before; 1 when it never changed. */
  static double worldFactor(double[] cells) {
    return cells[WORLD_BEFORE] > 0 ? cells[WORLD] / cells[WORLD_BEFORE] : 1;
  }
}

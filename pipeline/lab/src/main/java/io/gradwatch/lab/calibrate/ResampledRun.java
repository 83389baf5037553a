package io.gradwatch.lab.calibrate;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent.EvaluationCompleted;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A long healthy run made of a quiet one: its trend, stretched, with the residuals of whole rows in
 * blocks of random length (stationary bootstrap, Politis & Romano, JASA 89, 1994). Blocks come from
 * the neighbourhood of the place on the trend, because the noise of a run changes as it learns
 * (local block bootstrap, Paparoditis & Politis 2002).
 *
 * <p>A joint shall not jump where the run would not. So what is resampled are the innovations of an
 * autoregression of order 1 for each series: after a joint the residual of the new block is shifted
 * by the difference to the one before, which fades as fast as that series forgets. A norm of
 * weights goes on without a step, and the noise of a loss needs no match. The same seed gives the
 * same run.
 */
final class ResampledRun {
  /** Blocks begin within this part of the run from their place on the trend, to each side. */
  private static final int NEIGHBOURHOOD = 8;

  private final QuietRun source;
  private final List<QuietColumn> columns;
  private final SplittableRandom random;
  private final long steps;
  private final double meanBlock;
  private final double[] carried;

  private long step;
  private int row;
  private boolean joint;

  /**
   * @param steps length of the run
   * @param meanBlock mean length of a block
   */
  ResampledRun(QuietRun source, long seed, long steps, double meanBlock) {
    this.source = source;
    this.columns = source.columns();
    this.random = new SplittableRandom(seed);
    this.steps = steps;
    this.meanBlock = meanBlock;
    this.carried = new double[columns.size()];
    this.row = start();
  }

  /** The next step; null at the end. */
  @Nullable Observation next() {
    if (step == steps) {
      return null;
    }
    if (step > 0) {
      advance();
    }
    Observation observation = source.step(position(), row, carried);
    step++;
    return observation;
  }

  /** True when the step before this one came from elsewhere in the source. */
  boolean isJoint() {
    return joint;
  }

  /** The evaluation after the newest step; null when none is due. */
  @Nullable EvaluationCompleted evaluation() {
    int interval = source.evaluationInterval();
    return interval > 0 && step % interval == 0 ? source.evaluation(lastPosition(), start()) : null;
  }

  private void advance() {
    int last = row;
    joint = last + 1 == source.rows() || random.nextDouble() * meanBlock < 1;
    row = joint ? start() : last + 1;
    for (int i = 0; i < carried.length; i++) {
      QuietColumn column = columns.get(i);
      double shift = joint ? column.residual(last) - column.residual(row - 1) : 0;
      carried[i] = (carried[i] + shift) * column.persistence();
    }
  }

  /** Where a block may begin; never in the first row, which has none before it. */
  private int start() {
    int reach = source.rows() / NEIGHBOURHOOD;
    int place = (int) lastPosition();
    int from = Math.max(1, place - reach);
    int to = Math.min(source.rows() - 1, place + reach);
    return from + random.nextInt(to - from + 1);
  }

  private double position() {
    return (double) step / Math.max(1, steps - 1) * (source.rows() - 1);
  }

  private double lastPosition() {
    return Math.min(position(), source.rows() - 1);
  }
}

package io.gradwatch.core.monitor;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.Map;

/** A broad set of disturbed trainings of three layers, by name. */
enum Disturbances {
  JUMP,
  DRIFT,
  CREEP,
  EXPLODES_AT_ONCE,
  EXPLODES_IN_TEN_STEPS,
  NORMS_DOUBLE,
  ONE_LAYER_DOUBLES,
  NORMS_LEAP,
  NAN_ONCE,
  NAN_FOR_GOOD,
  NAN_GRADIENT,
  INFINITE_EVERYTHING,
  SKIPS_FOR_EVER,
  SCALE_FALLS,
  BAD_BATCH,
  BAD_BATCH_IN_YOUTH,
  WEIGHTS_GROW,
  WEIGHTS_VANISH,
  LAYER_DIES,
  UPDATES_FREEZE,
  NOTHING_LEARNT,
  STALLS,
  OVERFITS,
  GROWS_ROUGH,
  EARLY_LAYERS_VANISH,
  DEPTH_EXPLODES,
  LARGE_NORMS,
  ALWAYS_CLIPPED,
  OTHER_MEASURE,
  LOST_POLICY_GRADIENT,
  LOST_WITHOUT_LOSS,
  TWO_WRITERS,
  A_RANK_LEAVES,
  A_RANK_STOPS;

  /** Step from which on most of them are disturbed. */
  static final int ONSET = 500;

  private static final int STEPS = 1_500;

  /** Runs it; with a checkpoint every 250 steps if asked. */
  Trainings run(long seed, boolean checkpoints) {
    return run(new Trainings(seed), checkpoints);
  }

  /** Runs it as a training that has not begun. */
  Trainings run(Trainings training, boolean checkpoints) {
    training.started("embed", "middle", "head");
    for (int i = 0; i < STEPS; i++) {
      if (this == OTHER_MEASURE && i == ONSET) {
        training.attempt = 1;
      }
      if (this == A_RANK_LEAVES || this == A_RANK_STOPS) {
        ranks(training, i);
      }
      training.observe(disturb(healthy(training), training, i));
      if (this == TWO_WRITERS && i >= ONSET && i < 2 * ONSET) {
        training.send(i - 1, healthy(training));
      }
      if (i % 50 == 49) {
        double parted = this == OVERFITS ? Math.max(0, i - ONSET) / 300.0 : 0;
        training.send(i, new RunEvent.EvaluationCompleted(loss(i) + parted, Map.of()));
      }
      if (checkpoints && i % 250 == 249) {
        training.send(i, new RunEvent.CheckpointSaved("s3://runs/" + i, i));
      }
    }
    return training.send(STEPS, new RunEvent.Ended(RunEvent.Outcome.COMPLETED));
  }

  /** What four ranks tell of a step, the last of which leaves the others or stops. */
  private void ranks(Trainings training, int step) {
    boolean now = step >= ONSET && step < 2 * ONSET;
    for (int rank = 0; rank < 4; rank++) {
      boolean disturbed = now && rank == 3;
      Observation row = healthy(training);
      if (disturbed && this == A_RANK_LEAVES) {
        row.set(Scalar.LOSS, 9 * row.get(Scalar.LOSS));
      }
      if (!disturbed || this == A_RANK_LEAVES) {
        training.rank = rank;
        training.send(step, row);
        training.rank = RunEvent.WHOLE_RUN;
      }
    }
  }

  private static double loss(int step) {
    return 1 + 2 * StrictMath.exp(-step / 60.0);
  }

  private static Observation healthy(Trainings training) {
    double norm = StrictMath.exp(0.1 * training.noise());
    return new Observation()
        .set(Scalar.LOSS, loss((int) training.step) * StrictMath.exp(0.01 * training.noise()))
        .set(Scalar.GRAD_NORM, norm)
        .set(Scalar.LEARNING_RATE, 1e-3)
        .setLayers(LayerSeries.GRAD_NORM, floats(0.5 * norm, 0.5 * norm, 0.7 * norm))
        .setLayers(LayerSeries.WEIGHT_NORM, floats(5, 6, 7))
        .setLayers(LayerSeries.UPDATE_NORM, floats(5e-3, 6e-3, 7e-3));
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private Observation disturb(Observation row, Trainings training, int step) {
    int since = step - ONSET;
    boolean now = since >= 0;
    double loss = row.get(Scalar.LOSS);
    double norm = row.get(Scalar.GRAD_NORM);
    return switch (this) {
      case JUMP -> now ? row.set(Scalar.LOSS, 5 * loss).set(Scalar.GRAD_NORM, 4 * norm) : row;
      case DRIFT -> now ? row.set(Scalar.LOSS, loss * StrictMath.exp(0.002 * since)) : row;
      case CREEP -> now ? row.set(Scalar.LOSS, loss * 1.1) : row;
      case EXPLODES_AT_ONCE -> step > 0 ? row.set(Scalar.LOSS, 50).set(Scalar.GRAD_NORM, 1e3) : row;
      case EXPLODES_IN_TEN_STEPS -> {
        double growth = StrictMath.pow(1.5, Math.min(step, 100));
        yield row.set(Scalar.LOSS, 3 * growth).set(Scalar.GRAD_NORM, growth);
      }
      case NORMS_DOUBLE -> now ? norms(row, norm * StrictMath.pow(2, since / 20.0), 1) : row;
      case ONE_LAYER_DOUBLES -> now ? norms(row, norm, StrictMath.pow(2, since / 40.0)) : row;
      case NORMS_LEAP -> now ? norms(row, 300 * norm, 1) : row;
      case NAN_ONCE -> since == 0 ? row.set(Scalar.LOSS, Double.NaN) : row;
      case NAN_FOR_GOOD -> now ? row.set(Scalar.LOSS, Double.NaN) : row;
      case NAN_GRADIENT -> now ? norms(row, Double.NaN, 1) : row;
      case INFINITE_EVERYTHING ->
          now ? norms(row.set(Scalar.LOSS, Double.POSITIVE_INFINITY), 1e300, 1e300) : row;
      case SKIPS_FOR_EVER -> row.set(Scalar.UPDATE_SKIPPED, now ? 1 : 0);
      case SCALE_FALLS -> row.set(Scalar.LOSS_SCALE, Math.scalb(65_536.0, now ? -since / 10 : 0));
      case BAD_BATCH -> since % 400 == 0 && now ? norms(row.set(Scalar.LOSS, 9), 40, 40) : row;
      case BAD_BATCH_IN_YOUTH -> step == 4 ? norms(row.set(Scalar.LOSS, 9), 40, 40) : row;
      case WEIGHTS_GROW -> weights(row, now ? StrictMath.exp(0.01 * since) : 1);
      case WEIGHTS_VANISH -> weights(row, now ? StrictMath.exp(-0.02 * since) : 1);
      case LAYER_DIES -> norms(row, norm, now ? 0 : 0.5 * norm);
      case UPDATES_FREEZE ->
          now ? row.setLayers(LayerSeries.UPDATE_NORM, floats(5e-3, 1e-14, 7e-3)) : row;
      case NOTHING_LEARNT -> row.set(Scalar.LOSS, 2.3 * StrictMath.exp(0.001 * training.noise()));
      case STALLS ->
          now ? norms(row.set(Scalar.LOSS, 2.99 + 0.001 * training.noise()), 1e-4, 1e-4) : row;
      case OVERFITS, TWO_WRITERS, A_RANK_LEAVES, A_RANK_STOPS -> row;
      case GROWS_ROUGH ->
          now
              ? row.set(Scalar.LOSS, loss * StrictMath.exp(0.06 * training.noise()))
                  .set(Scalar.GRAD_NORM, norm * StrictMath.exp(0.5 * training.noise()))
              : row;
      case EARLY_LAYERS_VANISH ->
          row.setLayers(LayerSeries.GRAD_NORM, floats(1e-9 * norm, 1e-5 * norm, norm));
      case DEPTH_EXPLODES ->
          row.setLayers(LayerSeries.GRAD_NORM, floats(1e6, 1e5, 1e4, 1e3, 100, 10, 1));
      case LARGE_NORMS -> row.setLayers(LayerSeries.GRAD_NORM, floats(20, 30, 40));
      case ALWAYS_CLIPPED -> row.set(Scalar.CLIP_THRESHOLD, 0.01);
      case OTHER_MEASURE -> now ? norms(row, 8 * norm, 4 * norm) : row;
      case LOST_POLICY_GRADIENT ->
          row.set(Scalar.LOSS, (now ? 5 : -0.01) + 0.05 * training.noise());
      case LOST_WITHOUT_LOSS ->
          new Observation().set(Scalar.GRAD_NORM, now ? norm * StrictMath.exp(0.05 * since) : norm);
    };
  }

  private static Observation norms(Observation row, double global, double middle) {
    return row.set(Scalar.GRAD_NORM, global)
        .setLayers(LayerSeries.GRAD_NORM, floats(0.5, middle, 0.7));
  }

  private static Observation weights(Observation row, double factor) {
    return row.setLayers(LayerSeries.WEIGHT_NORM, floats(5, 6 * factor, 7));
  }
}

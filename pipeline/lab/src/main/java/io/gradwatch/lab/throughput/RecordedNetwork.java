package io.gradwatch.lab.throughput;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.lab.recordings.RecordedSteps;
import io.gradwatch.lab.recordings.TraceFolder;
import io.gradwatch.traces.RunLabel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A network with as many layers as asked for, put together from the layers of healthy recorded
 * runs; the same every time. Each layer is one of a recording, some steps into it, at a scale of
 * its own, so that layers have the noise and the trends of real ones and no two are the same.
 *
 * <p>A series goes on behind its end by walking its second half to and fro: without a jump, and
 * without the fall that a run begins with.
 */
final class RecordedNetwork {
  /** Steps that are kept; the longest recordings have about as many. */
  private static final int KEPT_STEPS = 2_048;

  private static final int KEPT_BYTES = 64 << 20;

  /** A layer begins within this part of its recording. */
  private static final int OFFSET_PART = 8;

  /** Scales lie within this factor of 1. */
  private static final double MOST_SCALE = 3;

  private static final List<LayerSeries> ALL =
      List.of(LayerSeries.GRAD_NORM, LayerSeries.WEIGHT_NORM, LayerSeries.UPDATE_NORM);

  private final Reported reported;
  private final int layers;

  /** By recording, then step. */
  private final float[][] losses;

  /** By series, step, layer. */
  private final float[][][] norms;

  /** By step. */
  private final double[] gradNorm;

  private RecordedNetwork(Reported reported, int layers, float[][] losses, float[][][] norms) {
    this.reported = reported;
    this.layers = layers;
    this.losses = losses;
    this.norms = norms;
    this.gradNorm = new double[norms[0].length];
    for (int step = 0; step < gradNorm.length; step++) {
      double sum = 0;
      for (float norm : norms[0][step]) {
        sum += (double) norm * norm;
      }
      gradNorm[step] = Math.sqrt(sum);
    }
  }

  /**
   * Puts one together.
   *
   * @param recordings folder with labels
   * @throws IOException when it cannot be read, or holds no healthy run without gaps
   */
  static RecordedNetwork of(Path recordings, int layers, Reported reported) throws IOException {
    TraceFolder folder = TraceFolder.open(recordings);
    List<RecordedSteps> runs = new ArrayList<>();
    for (Map.Entry<String, RunLabel> run : folder.labels().entrySet()) {
      if (run.getValue().outcome() == RunLabel.Outcome.HEALTHY) {
        RecordedSteps steps = RecordedSteps.read(folder.file(run.getKey()));
        if (steps.steps().stream().allMatch(RecordedNetwork::isWhole)) {
          runs.add(steps);
        }
      }
    }
    if (runs.isEmpty()) {
      throw new IOException(
          recordings + " holds no healthy run whose norms are all positive numbers");
    }
    int series = reported == Reported.ALL_NORMS ? ALL.size() : 1;
    int steps = Math.min(KEPT_STEPS, KEPT_BYTES / (Float.BYTES * layers * series));
    return new RecordedNetwork(
        reported, layers, losses(runs, steps), norms(runs, series, steps, layers));
  }

  private static float[][] losses(List<RecordedSteps> runs, int steps) {
    float[][] losses = new float[runs.size()][steps];
    for (int run = 0; run < losses.length; run++) {
      List<Observation> rows = runs.get(run).steps();
      for (int step = 0; step < steps; step++) {
        losses[run][step] = (float) rows.get(place(step, rows.size())).get(Scalar.LOSS);
      }
    }
    return losses;
  }

  private static float[][][] norms(List<RecordedSteps> runs, int series, int steps, int layers) {
    Random random = new Random(1);
    float[][][] norms = new float[series][steps][layers];
    for (int layer = 0; layer < layers; layer++) {
      List<Observation> rows = runs.get(random.nextInt(runs.size())).steps();
      int origin = random.nextInt(layersOf(rows.get(0)));
      int offset = random.nextInt(rows.size() / OFFSET_PART);
      double scale = Math.pow(MOST_SCALE, 2 * random.nextDouble() - 1);
      for (int step = 0; step < steps; step++) {
        Observation row = rows.get(place(offset + step, rows.size()));
        for (int k = 0; k < series; k++) {
          norms[k][step][layer] = (float) (scale * requireNonNull(row.layers(ALL.get(k)))[origin]);
        }
      }
    }
    return norms;
  }

  /** Where a walk of so many steps stands: to the end, then to and fro in the second half. */
  private static int place(int step, int length) {
    if (step < length) {
      return step;
    }
    int half = length / 2;
    int walked = (step - length) % (2 * half);
    return walked < half ? length - 1 - walked : length - 2 * half + walked;
  }

  private static boolean isWhole(Observation step) {
    if (!Double.isFinite(step.get(Scalar.LOSS))) {
      return false;
    }
    for (LayerSeries series : ALL) {
      float[] values = step.layers(series);
      if (values == null || values.length == 0) {
        return false;
      }
      for (float value : values) {
        if (!(value > 0 && value < Float.MAX_VALUE)) {
          return false;
        }
      }
    }
    return true;
  }

  private static int layersOf(Observation step) {
    return requireNonNull(step.layers(LayerSeries.GRAD_NORM)).length;
  }

  Reported reported() {
    return reported;
  }

  int layers() {
    return layers;
  }

  /** Loss of a run at a step. Runs take turns through the recordings. */
  float loss(int run, int step) {
    return losses[run % losses.length][place(step, gradNorm.length)];
  }

  /** Norm of the gradient of all layers. */
  double gradNorm(int step) {
    return gradNorm[place(step, gradNorm.length)];
  }

  /** Norms of the layers at a step; not to be changed. Null where that series is not reported. */
  float @Nullable [] norms(LayerSeries series, int step) {
    int k = ALL.indexOf(series);
    return k < 0 || k >= norms.length ? null : norms[k][place(step, gradNorm.length)];
  }
}

package io.gradwatch.lab.calibrate;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent.EvaluationCompleted;
import io.gradwatch.core.signal.RunEvent.Started;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.recordings.RecordedSteps;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The quiet part of a healthy run, its second half, every series taken apart into trend and
 * residual.
 */
final class QuietRun {
  /** The part left out at the start, where runs fall fast and their noise changes as they learn. */
  private static final int LEFT_OUT = 2;

  /** The spread of the noise may differ by this factor from one quarter to another. */
  private static final double UNEVEN = 2;

  /** The trend is fitted over this part of the run to each side. */
  private static final int TREND_PART = 12;

  private static final int LEAST_ROWS = 400;

  /** Learning rate or batch size that change more in one step are a declared change. */
  private static final double DECLARED_CHANGE = 1.5;

  /** Numbers that vary from step to step; all others are context and are taken from their place. */
  private static final List<Scalar> VARYING =
      List.of(Scalar.LOSS, Scalar.GRAD_NORM, Scalar.GRAD_ABS_MAX);

  private final RecordedSteps recorded;
  private final int first;
  private final Map<Scalar, QuietColumn> scalars = new EnumMap<>(Scalar.class);
  private final Map<LayerSeries, List<QuietColumn>> layers = new EnumMap<>(LayerSeries.class);
  private final @Nullable QuietColumn evaluations;

  /**
   * Takes a run apart.
   *
   * @throws NotQuietException when it is too short, holds values that are no numbers or a declared
   *     change, or its noise does not stay the same
   */
  QuietRun(RecordedSteps recorded) throws NotQuietException {
    this.recorded = recorded;
    this.first = recorded.steps().size() / LEFT_OUT;
    if (rows() < LEAST_ROWS) {
      throw new NotQuietException("it has " + rows() + " quiet steps, fewer than " + LEAST_ROWS);
    }
    refuseChanges();
    int bandwidth = rows() / TREND_PART;
    for (Scalar scalar : VARYING) {
      if (row(0).has(scalar)) {
        QuietColumn column = column(scalar.name(), bandwidth, step -> step.get(scalar));
        if (column.unevenness() > UNEVEN) {
          throw new NotQuietException(
              "the spread of its " + scalar + " changes by " + column.unevenness());
        }
        scalars.put(scalar, column);
      }
    }
    for (LayerSeries series : LayerSeries.values()) {
      float[] perLayer = row(0).layers(series);
      if (perLayer != null) {
        List<QuietColumn> columns = new ArrayList<>();
        for (int i = 0; i < perLayer.length; i++) {
          int layer = i;
          columns.add(
              column(series + " of layer " + i, bandwidth, step -> at(step.layers(series), layer)));
        }
        layers.put(series, columns);
      }
    }
    this.evaluations = evaluations(recorded.quietEvaluations(first));
  }

  private static @Nullable QuietColumn evaluations(double[] losses) {
    return losses.length < TREND_PART
        ? null
        : new QuietColumn(losses, Math.max(2, losses.length / TREND_PART));
  }

  private static double at(float @Nullable [] perLayer, int layer) {
    return perLayer == null ? Double.NaN : perLayer[layer];
  }

  private interface Reading {
    double of(Observation step);
  }

  private QuietColumn column(String name, int bandwidth, Reading reading) throws NotQuietException {
    double[] values = new double[rows()];
    for (int row = 0; row < values.length; row++) {
      values[row] = reading.of(row(row));
      if (!Double.isFinite(values[row])) {
        throw new NotQuietException(name + " is " + values[row] + " in row " + (first + row));
      }
    }
    return new QuietColumn(values, bandwidth);
  }

  private void refuseChanges() throws NotQuietException {
    for (int row = 1; row < rows(); row++) {
      for (Scalar scalar : List.of(Scalar.LEARNING_RATE, Scalar.BATCH_SIZE)) {
        double before = row(row - 1).get(scalar);
        double ratio = row(row).get(scalar) / before;
        if (Math.max(ratio, 1 / ratio) > DECLARED_CHANGE) {
          throw new NotQuietException(scalar + " changes by " + ratio + " in row " + (first + row));
        }
      }
      if (row(row).updateSkipped()) {
        throw new NotQuietException("the loss scaler skips row " + (first + row));
      }
    }
  }

  private Observation row(int row) {
    return recorded.steps().get(first + row);
  }

  /** Number of quiet rows. */
  int rows() {
    return recorded.steps().size() - first;
  }

  String run() {
    return recorded.run();
  }

  /** What the run said of itself. */
  Started started() {
    return recorded.started();
  }

  /** Steps between two evaluations; 0 when there are none. */
  int evaluationInterval() {
    return evaluations == null ? 0 : recorded.evaluationInterval();
  }

  /** All series that vary, in a fixed order. */
  List<QuietColumn> columns() {
    List<QuietColumn> all = new ArrayList<>(scalars.values());
    layers.values().forEach(all::addAll);
    return all;
  }

  /**
   * One step.
   *
   * @param position place on the trend in rows
   * @param row whose residuals it has
   * @param carried what is added to the residuals, in the order of {@link #columns}
   */
  Observation step(double position, int row, double[] carried) {
    Observation context = row((int) position);
    Observation step = new Observation();
    for (Scalar scalar : Scalar.values()) {
      if (context.has(scalar)) {
        step.set(scalar, context.get(scalar));
      }
    }
    int at = 0;
    for (Map.Entry<Scalar, QuietColumn> scalar : scalars.entrySet()) {
      step.set(scalar.getKey(), scalar.getValue().at(position, row, carried[at++]));
    }
    for (Map.Entry<LayerSeries, List<QuietColumn>> series : layers.entrySet()) {
      float[] perLayer = new float[series.getValue().size()];
      for (int i = 0; i < perLayer.length; i++) {
        perLayer[i] = (float) series.getValue().get(i).at(position, row, carried[at++]);
      }
      step.setLayers(series.getKey(), perLayer);
    }
    return step;
  }

  /** An evaluation at a place on the trend with the residual of a row. */
  @Nullable EvaluationCompleted evaluation(double position, int row) {
    if (evaluations == null) {
      return null;
    }
    int last = recorded.quietEvaluations(first).length - 1;
    double share = (double) last / (rows() - 1);
    double loss = evaluations.at(position * share, (int) (row * share), 0);
    return new EvaluationCompleted(loss, Map.of());
  }
}

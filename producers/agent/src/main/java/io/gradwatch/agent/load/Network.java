package io.gradwatch.agent.load;

import static java.util.Objects.requireNonNull;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RunLabel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A network with as many layers as asked for, put together from the layers of healthy bundled runs;
 * the same every time. Each layer is one of a recording, some steps into it, at a scale of its own,
 * so that layers have the noise and the trends of real ones and no two are the same.
 *
 * <p>What comes behind the end of the recordings: {@link Continued}.
 */
final class Network {
  /** What is told of each layer. */
  enum Series {
    GRADIENTS,
    WEIGHTS,
    UPDATES;

    @Nullable List<Float> of(StepCompleted step) {
      return switch (this) {
        case GRADIENTS -> step.getLayerGradNorms();
        case WEIGHTS -> step.getLayerWeightNorms();
        case UPDATES -> step.getLayerUpdateNorms();
      };
    }
  }

  /** Steps that are kept; the recordings have about as many. */
  private static final int MOST_STEPS = 1_024;

  private static final int MOST_BYTES = 64 << 20;

  /** A layer begins within this part of its recording. */
  private static final int OFFSET_PART = 8;

  /** Scales lie within this factor of 1. */
  private static final double MOST_SCALE = 3;

  private final int steps;
  private final List<String> layerNames;

  /** By recording, then step. */
  private final double[][] losses;

  /** By step, then layer, of the series that are told. */
  private final Map<Series, float[][]> norms;

  /** By step. */
  private final double[] gradNorms;

  private Network(
      int steps,
      List<String> layerNames,
      double[][] losses,
      Map<Series, float[][]> norms,
      double[] gradNorms) {
    this.steps = steps;
    this.layerNames = layerNames;
    this.losses = losses;
    this.norms = norms;
    this.gradNorms = gradNorms;
  }

  /**
   * Puts one together.
   *
   * @param allNorms whether it has all series, or gradients alone
   */
  static Network ofBundledRuns(int layers, boolean allNorms) throws IOException {
    List<List<StepCompleted>> runs = new ArrayList<>();
    for (String name : BundledRuns.names()) {
      if (BundledRuns.label(name).outcome() == RunLabel.Outcome.HEALTHY) {
        List<StepCompleted> steps = steps(name);
        if (steps.stream().allMatch(Network::isWhole)) {
          runs.add(steps);
        }
      }
    }
    if (runs.isEmpty()) {
      throw new IllegalStateException("no bundled run is healthy and whole");
    }
    Set<Series> told = allNorms ? EnumSet.allOf(Series.class) : EnumSet.of(Series.GRADIENTS);
    int bytesAStep = Float.BYTES * Math.max(1, layers) * told.size();
    int shortest = runs.stream().mapToInt(List::size).min().orElseThrow();
    int steps =
        Math.min(shortest - shortest / OFFSET_PART, Math.min(MOST_STEPS, MOST_BYTES / bytesAStep));
    Map<Series, float[][]> norms = norms(runs, told, steps, layers);
    return new Network(
        steps,
        IntStream.range(0, layers).mapToObj("layers.%d"::formatted).toList(),
        losses(runs, steps),
        norms,
        gradNorms(runs.get(0), norms, steps, layers));
  }

  List<String> layerNames() {
    return layerNames;
  }

  /** Loss of a run at a place, from 0. Runs take turns through the recordings. */
  double loss(int run, long place) {
    return losses[run % losses.length][Continued.place(place, steps)];
  }

  /** Norm of the gradient of all layers. */
  double gradNorm(long place) {
    return gradNorms[Continued.place(place, steps)];
  }

  /** Norms of the layers, not to be changed; null where the series or every layer is missing. */
  float @Nullable [] norms(Series series, long place) {
    float[][] all = norms.get(series);
    return all == null || layerNames.isEmpty() ? null : all[Continued.place(place, steps)];
  }

  private static List<StepCompleted> steps(String name) throws IOException {
    List<StepCompleted> steps = new ArrayList<>();
    long newest = -1;
    try (RecordedRun run = BundledRuns.open(name)) {
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        if (event.getBody() instanceof StepCompleted step && event.getStep() > newest) {
          newest = event.getStep();
          steps.add(step);
        }
      }
    }
    return steps;
  }

  private static boolean isWhole(StepCompleted step) {
    if (!isPositive(step.getGradNorm()) || !isPositive(step.getLoss())) {
      return false;
    }
    for (Series series : Series.values()) {
      List<Float> values = series.of(step);
      if (values == null
          || values.isEmpty()
          || !values.stream().allMatch(v -> isPositive((double) v))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPositive(@Nullable Double value) {
    return value != null && value > 0 && value < Float.MAX_VALUE;
  }

  private static double[][] losses(List<List<StepCompleted>> runs, int steps) {
    return runs.stream()
        .map(run -> continued(steps, step -> run.get(step).getLoss()))
        .toArray(double[][]::new);
  }

  private static Map<Series, float[][]> norms(
      List<List<StepCompleted>> runs, Set<Series> told, int steps, int layers) {
    Random random = new Random(1);
    Map<Series, float[][]> norms = new EnumMap<>(Series.class);
    told.forEach(series -> norms.put(series, new float[Continued.length(steps)][layers]));
    for (int layer = 0; layer < layers; layer++) {
      List<StepCompleted> run = runs.get(random.nextInt(runs.size()));
      int origin = random.nextInt(run.get(0).getLayerGradNorms().size());
      int offset = random.nextInt(run.size() / OFFSET_PART);
      double scale = Math.pow(MOST_SCALE, 2 * random.nextDouble() - 1);
      for (Map.Entry<Series, float[][]> each : norms.entrySet()) {
        double[] values =
            continued(
                steps,
                step -> requireNonNull(each.getKey().of(run.get(offset + step))).get(origin));
        for (int step = 0; step < values.length; step++) {
          each.getValue()[step][layer] = (float) (scale * values[step]);
        }
      }
    }
    return norms;
  }

  /** Of the layers together, or of a recording where there are none. */
  private static double[] gradNorms(
      List<StepCompleted> run, Map<Series, float[][]> norms, int steps, int layers) {
    return layers == 0
        ? continued(steps, step -> run.get(step).getGradNorm())
        : Arrays.stream(requireNonNull(norms.get(Series.GRADIENTS)))
            .mapToDouble(Network::length)
            .toArray();
  }

  private static double[] continued(int steps, IntToDoubleFunction value) {
    return Continued.of(IntStream.range(0, steps).mapToDouble(value).toArray());
  }

  private static double length(float[] norms) {
    double sum = 0;
    for (float norm : norms) {
      sum += (double) norm * norm;
    }
    return Math.sqrt(sum);
  }
}

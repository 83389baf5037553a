package io.gradwatch.lab.throughput;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which shapes are measured. While one measure grows, the others stay where {@link Growth} looks
 * for them: in the middle of those asked for, parallelism at the first.
 */
enum Shapes {
  /** Layers grow. */
  LAYERS,

  /** Runs grow. */
  RUNS,

  /** Parallelism grows. */
  PARALLELISM,

  /** Each of the three, one after the other. */
  AXES,

  /** Each with each. */
  ALL;

  /** Those of all that are asked for; the one in the middle of all belongs to each. */
  List<Shape> of(List<Integer> layers, List<Integer> runs, List<Integer> parallelism) {
    int middleLayers = layers.get(layers.size() / 2);
    int middleRuns = runs.get(runs.size() / 2);
    int first = parallelism.get(0);
    Set<Shape> shapes = new LinkedHashSet<>();
    for (int layerCount : layers) {
      for (int runCount : runs) {
        for (int slots : parallelism) {
          List<Growth.Axis> varied = new ArrayList<>();
          if (layerCount != middleLayers) {
            varied.add(Growth.Axis.LAYERS);
          }
          if (runCount != middleRuns) {
            varied.add(Growth.Axis.RUNS);
          }
          if (slots != first) {
            varied.add(Growth.Axis.PARALLELISM);
          }
          if (varied.isEmpty() || include(varied)) {
            shapes.add(new Shape(layerCount, runCount, slots));
          }
        }
      }
    }
    return List.copyOf(shapes);
  }

  private boolean include(List<Growth.Axis> varied) {
    return switch (this) {
      case LAYERS -> varied.equals(List.of(Growth.Axis.LAYERS));
      case RUNS -> varied.equals(List.of(Growth.Axis.RUNS));
      case PARALLELISM -> varied.equals(List.of(Growth.Axis.PARALLELISM));
      case AXES -> varied.size() == 1;
      case ALL -> true;
    };
  }
}

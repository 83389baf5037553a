package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the layers that take part in a disturbance; those that started first come first. */
final class ImplicatedLayers {
  private static final Comparator<ImplicatedLayer> BY_ONSET =
      Comparator.comparingLong(ImplicatedLayer::onsetStep).thenComparingInt(ImplicatedLayer::index);

  private final List<ImplicatedLayer> layers = new ArrayList<>();
  private final Surroundings surroundings;

  ImplicatedLayers(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Adds a layer.
   *
   * @param growthRate growth of ln(norm) per step; NaN when it is not a growth
   */
  void add(int index, long onsetStep, double growthRate) {
    layers.add(new ImplicatedLayer(surroundings.layerName(index), index, onsetStep, growthRate));
  }

  /** As many of them as an alarm may name, by onset. */
  List<ImplicatedLayer> byOnset() {
    return layers.stream().sorted(BY_ONSET).limit(Alarm.MAX_LAYERS).toList();
  }
}

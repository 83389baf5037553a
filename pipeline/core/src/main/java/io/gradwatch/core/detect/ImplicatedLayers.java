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

  /** Adds a layer without growth of its own. */
  void add(int index, long onsetStep) {
    add(index, onsetStep, Double.NaN);
  }

  /** How many there are, also beyond those that an alarm may name. */
  int size() {
    return layers.size();
  }

  /** Step at which the first of them started; the given step when there is none. */
  long onset(long otherwise) {
    return layers.stream().mapToLong(ImplicatedLayer::onsetStep).min().orElse(otherwise);
  }

  /** Name of the one nearest to the output; empty when there is none. */
  String deepest() {
    return layers.stream()
        .max(Comparator.comparingInt(ImplicatedLayer::index))
        .map(ImplicatedLayer::name)
        .orElse("");
  }

  /** 'NAME', or 'N layers' when there are several. */
  String words() {
    return layers.size() == 1 ? layers.get(0).name() : layers.size() + " layers";
  }

  /** As many of them as an alarm may name, by onset. */
  List<ImplicatedLayer> byOnset() {
    return layers.stream().sorted(BY_ONSET).limit(Alarm.MAX_LAYERS).toList();
  }
}

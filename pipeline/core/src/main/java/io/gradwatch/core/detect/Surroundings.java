package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a detector may name when it describes what it sees.
 *
 * @param layerNames in forward order; empty when not known
 * @param advisedThreshold clip threshold advised now; NaN when none
 * @param toldThreshold clip threshold that the trainer tells it has; NaN when it tells none
 * @param learningRateFactor factor on the learning rate that is advised while a page is open
 * @param checkpoints the checkpoints announced
 */
public record Surroundings(
    List<String> layerNames,
    double advisedThreshold,
    double toldThreshold,
    double learningRateFactor,
    Checkpoints checkpoints) {

  /** The checkpoints a run has announced. */
  public interface Checkpoints {
    /** Newest checkpoint at or before a step; null when none is known. */
    Alarm.@Nullable Checkpoint before(long step);
  }

  /** Name of a layer, or 'layer N' when it is not known. */
  public String layerName(int index) {
    return index < layerNames.size() ? layerNames.get(index) : "layer " + index;
  }
}

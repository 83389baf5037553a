package io.gradwatch.producer;

import io.gradwatch.records.StepCompleted;
import org.jspecify.annotations.Nullable;

/** The series over layers of one step, as the trainer gave them; an array each, which is ours. */
final class LayerArrays {
  float @Nullable [] gradNorms;
  float @Nullable [] weightNorms;
  float @Nullable [] updateNorms;
  float @Nullable [] zeroFractions;

  /** Another that shares the arrays, which nobody writes to. */
  LayerArrays copy() {
    LayerArrays copy = new LayerArrays();
    copy.gradNorms = gradNorms;
    copy.weightNorms = weightNorms;
    copy.updateNorms = updateNorms;
    copy.zeroFractions = zeroFractions;
    return copy;
  }

  void into(StepCompleted step) {
    step.setLayerGradNorms(LayerValues.copyOf(gradNorms));
    step.setLayerWeightNorms(LayerValues.copyOf(weightNorms));
    step.setLayerUpdateNorms(LayerValues.copyOf(updateNorms));
    step.setLayerZeroFractions(LayerValues.copyOf(zeroFractions));
  }
}

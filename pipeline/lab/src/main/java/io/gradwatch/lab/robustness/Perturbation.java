package io.gradwatch.lab.robustness;

import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Ways to tell the same training differently, none of which changes what happened in it. */
public enum Perturbation {
  NONE("as recorded") {
    @Override
    void change(StepCompleted step) {}
  },

  NO_LEARNING_RATE("no learning rate") {
    @Override
    void change(StepCompleted step) {
      step.setLearningRate(null);
    }
  },

  /** Many trainers report the whole model's norm only. */
  NO_LAYERS("no layers") {
    @Override
    void change(StepCompleted step) {
      step.setLayerGradNorms(null);
      step.setLayerWeightNorms(null);
      step.setLayerUpdateNorms(null);
      step.setLayerZeroFractions(null);
    }
  },

  EVERY_SECOND_STEP("every 2nd step") {
    @Override
    boolean keeps(TrainingEvent event) {
      boolean ofAStep =
          event.getBody() instanceof StepCompleted
              || event.getBody() instanceof EvaluationCompleted;
      return !ofAStep || event.getStep() % 2 == 0;
    }

    @Override
    void change(StepCompleted step) {}
  },

  /** As the trainer of Hugging Face logs it. */
  LOSS_TO_FOUR_DECIMALS("loss to 4 decimals") {
    @Override
    void change(StepCompleted step) {
      step.setLoss(map(step.getLoss(), x -> decimal(x).setScale(4, HALF_EVEN).doubleValue()));
    }
  },

  /** The recordings have four; this is one less. */
  LOSS_TO_THREE_DIGITS("loss to 3 digits") {
    @Override
    void change(StepCompleted step) {
      step.setLoss(map(step.getLoss(), x -> decimal(x).round(THREE_DIGITS).doubleValue()));
    }
  },

  /** Another unit of the loss, another parametrisation of the weights. */
  OTHER_SCALE("loss x1000, norms x0.001") {
    @Override
    void change(StepCompleted step) {
      step.setLoss(map(step.getLoss(), x -> x * LOSS_FACTOR));
      step.setGradNorm(map(step.getGradNorm(), x -> x * NORM_FACTOR));
      step.setGradAbsMax(map(step.getGradAbsMax(), x -> x * NORM_FACTOR));
      step.setClipThreshold(map(step.getClipThreshold(), x -> x * NORM_FACTOR));
      step.setLayerGradNorms(scaled(step.getLayerGradNorms()));
      step.setLayerWeightNorms(scaled(step.getLayerWeightNorms()));
      step.setLayerUpdateNorms(scaled(step.getLayerUpdateNorms()));
    }

    @Override
    void change(EvaluationCompleted evaluation) {
      evaluation.setLoss(map(evaluation.getLoss(), x -> x * LOSS_FACTOR));
    }
  };

  private static final RoundingMode HALF_EVEN = RoundingMode.HALF_EVEN;
  private static final MathContext THREE_DIGITS = new MathContext(3, HALF_EVEN);
  private static final double LOSS_FACTOR = 1e3;
  private static final double NORM_FACTOR = 1e-3;

  private final String words;

  Perturbation(String words) {
    this.words = words;
  }

  /** What it does, in a few words. */
  public String words() {
    return words;
  }

  /** The event told differently; null when it is left out. Changes the event itself. */
  @Nullable TrainingEvent apply(TrainingEvent event) {
    if (!keeps(event)) {
      return null;
    }
    if (event.getBody() instanceof StepCompleted step) {
      change(step);
    } else if (event.getBody() instanceof EvaluationCompleted evaluation) {
      change(evaluation);
    }
    return event;
  }

  boolean keeps(TrainingEvent event) {
    return true;
  }

  abstract void change(StepCompleted step);

  void change(EvaluationCompleted evaluation) {}

  private static BigDecimal decimal(double value) {
    return new BigDecimal(value);
  }

  /** What was reported and is finite, changed. */
  private static @Nullable Double map(@Nullable Double value, DoubleUnaryOperator change) {
    if (value == null || !Double.isFinite(value)) {
      return value;
    }
    return change.applyAsDouble(value);
  }

  private static @Nullable List<Float> scaled(@Nullable List<Float> norms) {
    return norms == null ? null : norms.stream().map(norm -> (float) (norm * NORM_FACTOR)).toList();
  }
}

package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No detector speaks of a change that was declared and did no harm. */
class DeclaredChangeTest {
  private static final int STEPS = 600;

  private enum Change {
    LEARNING_RATE_UP,
    LEARNING_RATE_DOWN,
    LARGER_BATCH,
    SMALLER_BATCH,
    MORE_RANKS,
    FEWER_RANKS,
    RESUME,
    REWIND,
    LOSS_SCALE
  }

  private double rate = 1e-3;
  private double batch = 64;
  private double scale = 1_024;

  static Stream<Arguments> everyDetectorAndChange() {
    return SettingsCatalog.detectors().keySet().stream()
        .flatMap(kind -> Stream.of(Change.values()).map(change -> Arguments.of(kind, change)));
  }

  private void steps(Trainings training) {
    for (int i = 0; i < STEPS; i++) {
      double noise = StrictMath.sqrt(64 / batch);
      double loss = 1 + 2 * StrictMath.exp(-training.step / 200.0);
      double norm = 0.3 * noise * StrictMath.exp(0.1 * training.noise());
      float third = (float) (norm / StrictMath.sqrt(3));
      float weight = (float) (6 + training.step / 2_000.0);
      float update = (float) (6 * rate);
      training.observe(
          new Observation()
              .set(Scalar.LOSS, loss * StrictMath.exp(0.01 * noise * training.noise()))
              .set(Scalar.GRAD_NORM, norm)
              .set(Scalar.LEARNING_RATE, rate)
              .set(Scalar.BATCH_SIZE, batch)
              .set(Scalar.LOSS_SCALE, scale)
              .set(Scalar.CLIP_THRESHOLD, 0.3 * noise)
              .setLayers(LayerSeries.GRAD_NORM, new float[] {third, third, third})
              .setLayers(LayerSeries.WEIGHT_NORM, new float[] {weight, weight, weight})
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {update, update, update}));
      if (i % 100 == 99) {
        training.send(training.step - 1, new RunEvent.EvaluationCompleted(loss + 0.05, Map.of()));
      }
    }
  }

  private static void started(Trainings training, int worldSize) {
    training.send(
        training.step,
        new RunEvent.Started(
            "",
            "",
            List.of("a", "b", "c"),
            worldSize,
            Double.NaN,
            RunEvent.ClipMode.GLOBAL_NORM,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            false,
            Map.of()));
  }

  private void declare(Change change, Trainings training) {
    switch (change) {
      case LEARNING_RATE_UP -> rate *= 10;
      case LEARNING_RATE_DOWN -> rate /= 100;
      case LARGER_BATCH -> batch *= 16;
      case SMALLER_BATCH -> batch /= 16;
      case MORE_RANKS -> started(training, 64);
      case FEWER_RANKS -> started(training, 1);
      case RESUME -> training.attempt++;
      case REWIND -> {
        training.attempt++;
        training.step -= STEPS / 2;
      }
      case LOSS_SCALE -> scale *= 4;
    }
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("everyDetectorAndChange")
  void aDeclaredChangeAloneRaisesNothing(AlarmKind detector, Change change) {
    Trainings training = Trainings.watchedBy(detector, 179);
    started(training, 8);
    steps(training);
    declare(change, training);
    steps(training);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }
}

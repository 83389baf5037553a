package io.gradwatch.lab.latency;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.SyntheticSteps;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A fleet whose runs are short, so that each can raise an alarm of its own: events go step by step
 * through all runs of a generation, then come other runs. The gradient of one step of each run is
 * NaN, and NON_FINITE opens at that step; the last event ends the run. Runs of a generation are as
 * many steps apart as they can be, so that alarms come evenly.
 *
 * <p>An event is a template of its step with the run's name written over: encoding each would take
 * more of the machine than the job that is measured.
 */
final class ShortRuns {
  /** Steps a run has at least: before the NaN, it and after. */
  static final int FEWEST_STEPS = 4;

  private static final String NAME = "run-%09d";
  private static final byte[] PLACE = NAME.formatted(0).getBytes(StandardCharsets.UTF_8);

  private final int atOnce;
  private final int steps;
  private final byte[][] templates;
  private final byte[][] notFinite;
  private final int[] places;

  /**
   * @param atOnce runs that take turns
   * @param steps events of each, its end included
   * @param layers of each
   */
  ShortRuns(int atOnce, int steps, int layers) {
    if (atOnce < 1 || steps < FEWEST_STEPS) {
      throw new IllegalArgumentException(
          "%d runs of %d events, must be at least 1 of at least %d"
              .formatted(atOnce, steps, FEWEST_STEPS));
    }
    this.atOnce = atOnce;
    this.steps = steps;
    this.templates = new byte[steps][];
    this.notFinite = new byte[steps][];
    this.places = new int[steps];
    RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
    Observation[] observations = SyntheticSteps.of(steps, layers, Reported.GRADIENTS);
    for (int step = 0; step < steps; step++) {
      Observation observation = observations[step];
      boolean last = step == steps - 1;
      templates[step] =
          codec.encode(
              event(
                  step,
                  last
                      ? new RunEnded(RunOutcome.COMPLETED)
                      : body(observation, observation.get(Scalar.GRAD_NORM))));
      notFinite[step] = codec.encode(event(step, body(observation, Double.NaN)));
      places[step] = place(templates[step]);
    }
  }

  /**
   * One event.
   *
   * @param run unlike all others
   * @param step of the run
   * @param raises whether it is the one that raises the alarm
   */
  record Turn(long run, int step, boolean raises) {}

  /** The nth event, from 0. */
  Turn turn(long n) {
    long generation = n / ((long) atOnce * steps);
    long within = n % ((long) atOnce * steps);
    int inGeneration = (int) (within % atOnce);
    long run = generation * atOnce + inGeneration;
    int step = (int) (within / atOnce);
    return new Turn(run, step, step == raisingStep(run));
  }

  /** The step of a run whose event raises its alarm: neither its first, nor its last two. */
  int raisingStep(long run) {
    return 1 + (int) (run % (steps - FEWEST_STEPS + 1));
  }

  int steps() {
    return steps;
  }

  byte[] key(Turn turn) {
    return name(turn.run()).getBytes(StandardCharsets.UTF_8);
  }

  byte[] value(Turn turn) {
    byte[] value = (turn.raises() ? notFinite : templates)[turn.step()].clone();
    long rest = turn.run();
    for (int i = places[turn.step()] + PLACE.length - 1; rest > 0; i--, rest /= 10) {
      value[i] = (byte) ('0' + rest % 10);
    }
    return value;
  }

  static String name(long run) {
    return NAME.formatted(run);
  }

  private static TrainingEvent event(int step, Object body) {
    return TrainingEvent.newBuilder()
        .setRunId(name(0))
        .setStep(step)
        .setEmittedAt(1_700_000_000_000L + 1_000L * step)
        .setBody(body)
        .build();
  }

  private static StepCompleted body(Observation observation, double norm) {
    float[] norms = observation.layers(LayerSeries.GRAD_NORM);
    List<Float> layers = new ArrayList<>();
    for (int k = 0; norms != null && k < norms.length; k++) {
      layers.add(norms[k]);
    }
    return StepCompleted.newBuilder()
        .setLoss(observation.get(Scalar.LOSS))
        .setGradNorm(norm)
        .setLayerGradNorms(layers)
        .build();
  }

  private static int place(byte[] template) {
    for (int from = 0; from + PLACE.length <= template.length; from++) {
      int length = 0;
      while (length < PLACE.length && template[from + length] == PLACE[length]) {
        length++;
      }
      if (length == PLACE.length) {
        return from;
      }
    }
    throw new IllegalStateException("the run's name does not stand in its event");
  }
}

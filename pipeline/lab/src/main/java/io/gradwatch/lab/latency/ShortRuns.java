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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** Steps that differ; those after them are told again. */
  private static final int DIFFERENT_STEPS = 256;

  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);

  private final int atOnce;
  private final int steps;
  private final int raising;
  private final Observation[] observations;
  private final Map<Integer, Template> templates = new HashMap<>();

  /** A step's event, the same with a NaN, and where the name of the run stands in both. */
  private record Template(byte[] well, byte[] notFinite, int place) {}

  private ShortRuns(int atOnce, int steps, int raising, int layers, Reported reported) {
    if (atOnce < 1 || raising < 1) {
      throw new IllegalArgumentException(
          "%d runs of %d events, must be at least 1 of at least %d"
              .formatted(atOnce, steps, FEWEST_STEPS));
    }
    this.atOnce = atOnce;
    this.steps = steps;
    this.raising = raising;
    this.observations = SyntheticSteps.of(Math.min(steps, DIFFERENT_STEPS), layers, reported);
  }

  /**
   * Runs that end, of which the gradients' norms are reported.
   *
   * @param atOnce runs that take turns
   * @param steps events of each, its end included
   * @param layers of each
   */
  ShortRuns(int atOnce, int steps, int layers) {
    this(atOnce, steps, steps - FEWEST_STEPS + 1, layers, Reported.GRADIENTS);
  }

  /**
   * Runs that never end and have raised their alarms early.
   *
   * @param raisedWithin steps after which each has raised its alarm
   */
  static ShortRuns endless(int atOnce, int raisedWithin, int layers, Reported reported) {
    return new ShortRuns(
        atOnce, Integer.MAX_VALUE, raisedWithin - FEWEST_STEPS + 1, layers, reported);
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
    return 1 + (int) (run % raising);
  }

  byte[] key(Turn turn) {
    return name(turn.run()).getBytes(StandardCharsets.UTF_8);
  }

  byte[] value(Turn turn) {
    Template template = templates.computeIfAbsent(turn.step(), this::template);
    byte[] value = (turn.raises() ? template.notFinite() : template.well()).clone();
    long rest = turn.run();
    for (int i = template.place() + PLACE.length - 1; rest > 0; i--, rest /= 10) {
      value[i] = (byte) ('0' + rest % 10);
    }
    return value;
  }

  private Template template(int step) {
    Observation observation = observations[step % observations.length];
    byte[] well =
        CODEC.encode(
            event(
                step,
                step == steps - 1
                    ? new RunEnded(RunOutcome.COMPLETED)
                    : body(observation, observation.get(Scalar.GRAD_NORM))));
    byte[] notFinite = CODEC.encode(event(step, body(observation, Double.NaN)));
    return new Template(well, notFinite, place(well));
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
    return StepCompleted.newBuilder()
        .setLoss(observation.get(Scalar.LOSS))
        .setGradNorm(norm)
        .setLayerGradNorms(norms(observation, LayerSeries.GRAD_NORM))
        .setLayerWeightNorms(norms(observation, LayerSeries.WEIGHT_NORM))
        .setLayerUpdateNorms(norms(observation, LayerSeries.UPDATE_NORM))
        .build();
  }

  private static @Nullable List<Float> norms(Observation observation, LayerSeries series) {
    float[] norms = observation.layers(series);
    if (norms == null) {
      return null;
    }
    List<Float> list = new ArrayList<>();
    for (float norm : norms) {
      list.add(norm);
    }
    return list;
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

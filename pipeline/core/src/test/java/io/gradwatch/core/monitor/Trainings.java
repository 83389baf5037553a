package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A seeded training to feed a monitor with, and what came out. */
final class Trainings {
  final RunMonitor monitor;
  RunState state = new RunState();
  final List<Alarm> alarms = new ArrayList<>();
  final List<Recommendation> recommendations = new ArrayList<>();
  final List<RunStatistics> statistics = new ArrayList<>();
  private final Random random;
  long step;
  int attempt;
  int rank = RunEvent.WHOLE_RUN;

  Trainings(long seed) {
    this(seed, Policy.defaults());
  }

  Trainings(long seed, Policy policy) {
    random = new Random(seed);
    monitor = new RunMonitor(policy);
  }

  /** A training watched by one detector alone, with its default settings. */
  static Trainings watchedBy(AlarmKind kind, long seed) {
    Settings settings = Settings.NONE;
    for (AlarmKind other : SettingsCatalog.detectors().keySet()) {
      settings = settings.with(other, other == kind);
    }
    return new Trainings(seed, Policy.of(settings));
  }

  /** Alarms as they were opened. */
  List<Alarm> opened() {
    return alarms.stream().filter(alarm -> alarm.state() == AlarmState.OPEN).toList();
  }

  /** A number that an alarm rests on. */
  static double evidence(Alarm alarm, String name) {
    return alarm.evidence().stream()
        .filter(number -> number.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no evidence " + name + " in " + alarm))
        .value();
  }

  /** Noise around a healthy, slowly falling loss of about 2 and norms of about 1. */
  Observation healthy() {
    return new Observation()
        .set(Scalar.LOSS, 2 * StrictMath.exp(-step / 5_000.0 + 0.03 * random.nextGaussian()))
        .set(Scalar.GRAD_NORM, StrictMath.exp(0.1 * random.nextGaussian()))
        .set(Scalar.LEARNING_RATE, 1e-3);
  }

  double noise() {
    return random.nextGaussian();
  }

  Trainings healthySteps(int count) {
    for (int i = 0; i < count; i++) {
      observe(healthy());
    }
    return this;
  }

  Trainings observe(Observation observation) {
    send(step, observation);
    step++;
    return this;
  }

  Trainings send(long atStep, RunEvent.Body body) {
    Findings findings =
        monitor.accept(
            state, new RunEvent("default", "run", attempt, atStep, 1_000 * atStep, rank, body));
    alarms.addAll(findings.alarms());
    recommendations.addAll(findings.recommendations());
    statistics.addAll(findings.statistics());
    return this;
  }

  Trainings started(String... layers) {
    return send(
        step,
        new RunEvent.Started(
            "",
            "",
            List.of(layers),
            1,
            Double.NaN,
            RunEvent.ClipMode.UNKNOWN,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            false,
            Map.of()));
  }

  static Observation withLayers(Observation observation, float... norms) {
    return observation.setLayers(LayerSeries.GRAD_NORM, norms);
  }
}

package io.gradwatch.backtest.score;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import io.gradwatch.traces.RunLabel.Spike;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A run with the truth about it and what was raised in it. What a label leaves out reads as: a
 * scenario of its own, as many steps as were read, the onset of its first spike.
 *
 * @param run its id
 * @param label the truth
 * @param stepsRead the step after the last one that was read
 * @param alarms warnings and pages, by step
 */
public record LabelledRun(String run, RunLabel label, long stepsRead, List<RaisedAlarm> alarms) {
  /** Above this ratio of the last evaluation loss to the lowest, overfitting is no false alarm. */
  private static final double OVERFIT_RISE = 1.1;

  /**
   * Alarms of severity INFO are left out.
   *
   * @throws IllegalArgumentException when the label lacks a step that its outcome needs
   */
  public LabelledRun {
    alarms =
        alarms.stream()
            .filter(alarm -> alarm.severity() != Severity.INFO)
            .sorted(Comparator.comparingLong(RaisedAlarm::step))
            .toList();
    boolean onsetKnown = label.onsetStep() != null || !label.spikes().isEmpty();
    switch (label.outcome()) {
      case DIVERGED -> {
        require(label.onsetStep() != null, run, label, "onset_step");
        require(label.failureStep() != null, run, label, "failure_step");
      }
      case SPIKED, STALLED -> require(onsetKnown, run, label, "onset_step");
      case HEALTHY, OVERFIT, AMBIGUOUS -> {}
    }
  }

  private static void require(boolean there, String run, RunLabel label, String field) {
    if (!there) {
      throw new IllegalArgumentException(
          "the label of run '"
              + run
              + "' has the outcome "
              + label.outcome()
              + ", which needs "
              + field);
    }
  }

  Outcome outcome() {
    return label.outcome();
  }

  /** The family of runs it belongs to. */
  public String scenario() {
    return Objects.requireNonNullElse(label.scenario(), run);
  }

  /** Length in steps. */
  long steps() {
    return Objects.requireNonNullElse(label.steps(), stepsRead);
  }

  /** Step at which the trouble began; 0 where there was none. */
  long onset() {
    Long onset = label.onsetStep();
    if (onset != null) {
      return onset;
    }
    return label.spikes().isEmpty() ? 0 : label.spikes().get(0).firstStep();
  }

  /** Step from which a diverged run was lost. */
  long failure() {
    return Objects.requireNonNull(label.failureStep());
  }

  List<Spike> spikes() {
    return label.spikes();
  }

  /** Steps of the pages. */
  List<Long> pages() {
    return alarms.stream()
        .filter(alarm -> alarm.severity() == Severity.CRITICAL)
        .map(RaisedAlarm::step)
        .toList();
  }

  /** Steps of the warnings that would be false before the onset. */
  List<Long> warnings() {
    return alarms.stream()
        .filter(alarm -> alarm.severity() == Severity.WARNING && !isTrueAnyway(alarm.kind()))
        .map(RaisedAlarm::step)
        .toList();
  }

  private boolean isTrueAnyway(AlarmKind kind) {
    return (kind == AlarmKind.OVERFITTING && label.evalRise() > OVERFIT_RISE)
        || (outcome() == Outcome.STALLED && isStall(kind));
  }

  /** Kinds that say of a run that it does not get on. */
  static boolean isStall(AlarmKind kind) {
    return switch (kind) {
      case VANISHING_GRADIENT, STALLED, NO_PROGRESS, DEAD_LAYER, FROZEN_UPDATES -> true;
      default -> false;
    };
  }
}

package io.gradwatch.core.alarm;

import java.util.List;

/**
 * What a detector says about what it sees, when an alarm has to be written.
 *
 * @param onsetStep step at which the disturbance began, as far as the detector can tell
 * @param evidence the numbers it rests on; those that are not known (NaN) are left out
 * @param layers implicated layers in the order in which they started
 * @param actions what to do, most useful first
 * @param summary one sentence for a tired person
 */
public record Condition(
    long onsetStep,
    List<Alarm.Evidence> evidence,
    List<Alarm.ImplicatedLayer> layers,
    List<Alarm.SuggestedAction> actions,
    String summary) {
  public Condition {
    evidence = evidence.stream().filter(number -> !Double.isNaN(number.value())).toList();
  }
}

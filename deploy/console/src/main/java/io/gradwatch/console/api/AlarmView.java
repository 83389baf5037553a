package io.gradwatch.console.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An alarm as it stands now.
 *
 * @param id 32 hexadecimal digits
 * @param revision newest revision
 * @param project project of the run
 * @param run the run
 * @param attempt attempt in which it opened
 * @param kind what was seen first
 * @param joinedKinds what joined it as evidence
 * @param severity highest severity so far: INFO, WARNING or CRITICAL
 * @param status where it stands with people
 * @param resolution NONE, RECOVERED, REWOUND or RUN_ENDED
 * @param onsetStep step at which the disturbance began
 * @param openedStep newest step read when it opened
 * @param step newest step read at the newest revision
 * @param openedAt trainer's time at the opening
 * @param updatedAt trainer's time at the newest revision
 * @param summary one sentence
 * @param evidence the numbers it rests on
 * @param layers layers that take part, in the order in which they started
 * @param actions what to do, most useful first
 * @param checkpointStep last checkpoint before the onset
 * @param checkpointUri where it lies
 * @param owner who to ask about the run
 * @param tags labels of the run
 * @param acknowledgement who looks after it; null when nobody does
 * @param silences ids of the silences that match it now
 * @param judgement whether it was right; null when nobody said
 */
public record AlarmView(
    String id,
    int revision,
    String project,
    String run,
    int attempt,
    String kind,
    List<String> joinedKinds,
    String severity,
    AlarmStatus status,
    String resolution,
    long onsetStep,
    long openedStep,
    long step,
    long openedAt,
    long updatedAt,
    String summary,
    List<EvidenceView> evidence,
    List<LayerView> layers,
    List<ActionView> actions,
    @Nullable Long checkpointStep,
    @Nullable String checkpointUri,
    String owner,
    Map<String, String> tags,
    @Nullable AcknowledgementView acknowledgement,
    List<String> silences,
    @Nullable JudgementView judgement) {

  /**
   * One number of an alarm.
   *
   * @param name its name, such as doubling_steps
   * @param value the number
   * @param meaning what it says, in a few words with its unit
   */
  public record EvidenceView(String name, double value, String meaning) {}

  /**
   * A layer that takes part.
   *
   * @param name its name
   * @param index its place in forward order
   * @param onsetStep step at which it started
   * @param growthRate growth of ln(norm) per step; NaN when not a growth
   */
  public record LayerView(String name, int index, long onsetStep, double growthRate) {}

  /**
   * One thing to do.
   *
   * @param action such as LOWER_CLIP_THRESHOLD
   * @param value its number, where it has one
   * @param text the same in words
   */
  public record ActionView(String action, @Nullable Double value, String text) {}
}

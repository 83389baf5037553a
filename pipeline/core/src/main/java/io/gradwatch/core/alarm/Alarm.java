package io.gradwatch.core.alarm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One revision of one alarm, as it goes out.
 *
 * @param id 32 hexadecimal digits, the same wherever this episode is computed
 * @param revision 0 at the opening, one more with every record
 * @param severity highest severity reached so far
 * @param onsetStep step at which the disturbance began
 * @param openedStep newest step read when the alarm opened
 * @param step newest step read at this revision
 * @param emittedAt emitted_at of the event that caused this revision
 * @param joinedKinds other kinds that joined as evidence, in the order in which they came
 * @param evidence the numbers the alarm rests on
 * @param layers implicated layers in the order in which they started, at most {@link #MAX_LAYERS}
 * @param checkpoint last checkpoint announced before the onset, or null
 * @param actions what to do, most useful first
 * @param summary one sentence for a tired person
 */
public record Alarm(
    String id,
    int revision,
    String project,
    String runId,
    int attempt,
    AlarmKind kind,
    Severity severity,
    AlarmState state,
    Resolution resolution,
    long onsetStep,
    long openedStep,
    long step,
    long emittedAt,
    List<AlarmKind> joinedKinds,
    List<Evidence> evidence,
    List<ImplicatedLayer> layers,
    @Nullable Checkpoint checkpoint,
    List<SuggestedAction> actions,
    String summary) {

  /** Most layers one alarm names. */
  public static final int MAX_LAYERS = 16;

  /** One number with its name, unit included. */
  public record Evidence(String name, double value) {}

  /**
   * A layer that takes part.
   *
   * @param index place in forward order, from 0
   * @param onsetStep step at which it started
   * @param growthRate growth of ln(norm) per step; NaN when it is not a growth
   */
  public record ImplicatedLayer(String name, int index, long onsetStep, double growthRate) {}

  /** A checkpoint one can roll back to. */
  public record Checkpoint(long step, String uri) {}

  /**
   * One thing to do.
   *
   * @param value its number (threshold, factor or step); NaN when it has none
   * @param text the same in words
   */
  public record SuggestedAction(ActionKind action, double value, String text) {}
}

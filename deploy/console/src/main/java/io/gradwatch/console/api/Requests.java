package io.gradwatch.console.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the REST interface takes. */
public final class Requests {
  private Requests() {}

  /**
   * Somebody looks after an alarm.
   *
   * @param author who; null or empty: as signed in
   * @param note what is done about it
   */
  public record Acknowledge(@Nullable String author, @Nullable String note) {}

  /**
   * Silence alarms.
   *
   * @param matchers 1 to 16 conditions
   * @param startsAt from when on; null: now
   * @param endsAt until when, at most 60 days ahead
   * @param author who; null or empty: as signed in
   * @param note why; must not be blank
   */
  public record AddSilence(
      List<SilenceView.MatcherView> matchers,
      @Nullable Long startsAt,
      long endsAt,
      @Nullable String author,
      String note) {}

  /**
   * Was this alarm right?
   *
   * @param verdict RIGHT, TOO_LATE or FOR_NOTHING
   * @param actualOnsetStep step at which the trouble really began; null: as the alarm told
   * @param failureStep step from which the run was lost; null: it was not
   * @param author who; null or empty: as signed in
   * @param note why
   */
  public record Judge(
      String verdict,
      @Nullable Long actualOnsetStep,
      @Nullable Long failureStep,
      @Nullable String author,
      @Nullable String note) {}
}

package io.gradwatch.console.api;

import java.util.List;

/**
 * An alarm with its history.
 *
 * @param alarm as it stands now
 * @param history its revisions, oldest first; the newest 100
 * @param silences the silences that match it now
 */
public record AlarmDetail(AlarmView alarm, List<RevisionView> history, List<SilenceView> silences) {

  /**
   * One record of an alarm.
   *
   * @param revision its number
   * @param state OPEN, UPDATED or RESOLVED
   * @param severity severity then
   * @param step newest step read then
   * @param emittedAt trainer's time then
   * @param summary one sentence then
   */
  public record RevisionView(
      int revision, String state, String severity, long step, long emittedAt, String summary) {}
}

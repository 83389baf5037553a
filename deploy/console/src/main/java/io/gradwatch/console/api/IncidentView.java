package io.gradwatch.console.api;

import java.util.List;

/**
 * Many runs that alarm together.
 *
 * @param id 32 hexadecimal digits
 * @param state OPEN, UPDATED or RESOLVED
 * @param severity INFO, WARNING or CRITICAL
 * @param tag name of the tag the members share; empty: the whole fleet
 * @param tagValue its value
 * @param openedAt trainer's time of the alarm that opened it
 * @param updatedAt trainer's time of the newest revision
 * @param runsWatched runs that share the tag and are active
 * @param summary one sentence
 * @param members its alarms, oldest first
 */
public record IncidentView(
    String id,
    String state,
    String severity,
    String tag,
    String tagValue,
    long openedAt,
    long updatedAt,
    int runsWatched,
    String summary,
    List<Member> members) {

  /**
   * One alarm of it.
   *
   * @param project project of the run
   * @param run the run
   * @param alarm its alarm
   * @param kind kind of the alarm
   * @param step step at which it opened
   */
  public record Member(String project, String run, String alarm, String kind, long step) {}
}

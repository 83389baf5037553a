package io.gradwatch.console.api;

import java.util.List;

/**
 * Alarms that nobody wants to be told about for a while.
 *
 * @param id 32 hexadecimal digits
 * @param matchers what an alarm must be, all of them
 * @param startsAt from when on
 * @param endsAt until when
 * @param createdAt when it was written
 * @param author who wants it
 * @param note why
 * @param state PENDING, ACTIVE or EXPIRED
 * @param matching open alarms it matches now
 */
public record SilenceView(
    String id,
    List<MatcherView> matchers,
    long startsAt,
    long endsAt,
    long createdAt,
    String author,
    String note,
    String state,
    int matching) {

  /**
   * One condition.
   *
   * @param label project, run, kind, severity, alarm, owner or tag:NAME
   * @param operator =, !=, =~ or !~
   * @param value what the label is compared with
   */
  public record MatcherView(String label, String operator, String value) {}
}

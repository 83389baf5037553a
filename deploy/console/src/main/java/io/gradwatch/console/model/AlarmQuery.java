package io.gradwatch.console.model;

import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import java.util.Locale;
import java.util.Set;

/**
 * Which alarms to list.
 *
 * @param statuses with one of these statuses only; empty: with any
 * @param project of this project only; empty: of any
 * @param run of this run only; empty: of any
 * @param severity of this severity only; empty: of any
 * @param kind of this kind only; empty: of any
 * @param text with this in run, summary, owner or id, in any case; empty: any
 */
public record AlarmQuery(
    Set<AlarmStatus> statuses,
    String project,
    String run,
    String severity,
    String kind,
    String text) {

  /** Whether an alarm is listed, whatever its status. */
  boolean takes(AlarmView alarm) {
    return same(project, alarm.project())
        && same(run, alarm.run())
        && same(severity, alarm.severity())
        && same(kind, alarm.kind())
        && hasText(alarm);
  }

  /** Whether an alarm is listed. */
  boolean takesStatus(AlarmView alarm) {
    return statuses.isEmpty() || statuses.contains(alarm.status());
  }

  private static boolean same(String asked, String found) {
    return asked.isEmpty() || asked.equals(found);
  }

  private boolean hasText(AlarmView alarm) {
    String sought = text.toLowerCase(Locale.ROOT);
    return sought.isEmpty()
        || (alarm.run() + '\n' + alarm.summary() + '\n' + alarm.owner() + '\n' + alarm.id())
            .toLowerCase(Locale.ROOT)
            .contains(sought);
  }
}

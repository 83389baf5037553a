package io.gradwatch.console.routing.notice;

import io.gradwatch.console.model.Labels;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Something that one target is to be told about one alarm.
 *
 * @param cause why
 * @param alarm the alarm as it stands
 * @param labels what routes and silences see of it
 * @param step step of escalation; 0: none
 * @param told what the target was told before; null: nothing
 * @param acknowledgement who looks after it; null: nobody
 * @param lastOfReference whether no other open alarm was told in the same message; of an
 *     acknowledgement: none that the target takes for not acknowledged
 */
public record Notice(
    Cause cause,
    RoutedAlarm alarm,
    Labels labels,
    int step,
    @Nullable Delivery told,
    @Nullable Acknowledgement acknowledgement,
    boolean lastOfReference) {

  /** What asks most of a person first, then the oldest. */
  public static final Comparator<Notice> BY_NEED =
      Comparator.comparing((Notice notice) -> notice.cause().isEnd())
          .thenComparing(notice -> notice.record().getSeverity(), Comparator.reverseOrder())
          .thenComparing(notice -> notice.alarm().openedAt())
          .thenComparing(notice -> notice.alarm().id());

  /** The alarm's newest revision. */
  public DivergenceAlarm record() {
    return alarm.newest();
  }

  /** What the target calls the message it was told in; blank: nothing. */
  public String reference() {
    return told == null ? "" : told.getReference();
  }

  /**
   * What the journal keeps of it once it was told.
   *
   * @param reference what the target calls the message; blank: as before
   */
  public Delivery delivery(String target, String reference, long now) {
    return Delivery.newBuilder()
        .setTarget(target)
        .setAlarmId(alarm.id())
        .setRevision(record().getRevision())
        .setSeverity(record().getSeverity())
        .setState(cause.isEnd() ? AlarmState.RESOLVED : record().getState())
        .setEscalation(told == null ? step : Math.max(step, told.getEscalation()))
        .setDeliveredAt(now)
        .setReference(reference.isEmpty() ? reference() : reference)
        .build();
  }
}

package io.gradwatch.console.routing.targets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.console.routing.config.Secret;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Alertmanager's v2 API. Its labels are an alert's identity, and its routes are by severity: so
 * severity is a label, and an alarm that grows more severe is a new alert that takes the place of
 * the old one, in one request.
 */
public final class AlertmanagerFormat implements TargetFormat {
  private static final String PATH = "/api/v2/alerts";

  /** An alert outlives so many re-sendings that fail. */
  private static final int RESENDINGS = 4;

  private final TargetConfig target;
  private final AlarmText text;

  /**
   * @param target which Alertmanager
   * @param text words of the annotations
   */
  public AlertmanagerFormat(TargetConfig target, AlarmText text) {
    this.target = target;
    this.text = text;
  }

  @Override
  public HttpMessage message(Dispatch dispatch, Instant now) {
    ArrayNode alerts = Json.array();
    for (Notice notice : dispatch.notices()) {
      Severity severity = notice.record().getSeverity();
      Delivery told = notice.told();
      if (told != null && told.getSeverity() != severity) {
        alerts.add(alert(notice, told.getSeverity(), now, now));
        if (notice.cause().isEnd()) {
          continue;
        }
      }
      alerts.add(alert(notice, severity, end(notice, now), now));
    }
    Secret token = target.secret();
    Map<String, String> headers =
        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token.reveal());
    return new HttpMessage(PATH, headers, Json.TYPE, alerts.toString());
  }

  private Instant end(Notice notice, Instant now) {
    Duration life = target.pace().resend().multipliedBy(RESENDINGS);
    return notice.cause().isEnd() ? now : now.plus(life);
  }

  private ObjectNode alert(Notice notice, Severity severity, Instant end, Instant now) {
    DivergenceAlarm alarm = notice.record();
    ObjectNode alert = Json.object();
    ObjectNode labels = alert.putObject("labels");
    target.labels().forEach(labels::put);
    labels.put("alertname", "Gradwatch" + camelCase(alarm.getKind()));
    labels.put("project", alarm.getProject());
    labels.put("run", AlarmText.clean(alarm.getRunId()));
    labels.put("kind", alarm.getKind().name());
    labels.put("severity", severity.name().toLowerCase(Locale.ROOT));
    labels.put("alarm_id", alarm.getAlarmId());
    ObjectNode annotations = alert.putObject("annotations");
    annotations.put("summary", text.headline(opened(notice)));
    annotations.put(
        "description",
        Stream.concat(
                Stream.of(AlarmText.since(alarm), AlarmText.doThis(alarm)),
                AlarmText.commands(alarm).stream())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n")));
    Json.putUnlessEmpty(annotations, "runbook_url", text.runbookLink(alarm));
    Json.putUnlessEmpty(annotations, "dashboard_url", text.alarmLink(alarm));
    if (notice.acknowledgement() != null) {
      annotations.put("acknowledged_by", AlarmText.clean(notice.acknowledgement().getAuthor()));
    }
    Instant start = Instant.ofEpochMilli(notice.alarm().openedAt());
    alert.put("startsAt", (start.isBefore(now) ? start : now).toString());
    alert.put("endsAt", end.toString());
    Json.putUnlessEmpty(alert, "generatorURL", text.runLink(alarm));
    return alert;
  }

  /** Whether it is over Alertmanager says by itself. */
  private static Notice opened(Notice notice) {
    return new Notice(
        Cause.OPENED,
        notice.alarm(),
        notice.labels(),
        notice.step(),
        notice.told(),
        notice.acknowledgement(),
        notice.lastOfReference());
  }

  private static String camelCase(AlarmKind kind) {
    return Stream.of(kind.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}

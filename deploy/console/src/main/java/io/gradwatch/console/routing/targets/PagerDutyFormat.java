package io.gradwatch.console.routing.targets;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.http.HttpReply;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.References;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Severity;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PagerDuty's Events API v2. The alarm's id is the deduplication key, so that an event that is sent
 * twice pages once; a storm is one incident, which ends with its last alarm.
 */
public final class PagerDutyFormat implements TargetFormat {
  private static final int MOST_SUMMARY = 1_024;
  private static final int MOST_NAMED = 50;

  private final TargetConfig target;
  private final AlarmText text;

  /**
   * @param target which service, by its routing key
   * @param text words of the summary
   */
  public PagerDutyFormat(TargetConfig target, AlarmText text) {
    this.target = target;
    this.text = text;
  }

  @Override
  public @Nullable HttpMessage message(Dispatch dispatch, Instant now) {
    Notice first = dispatch.first();
    String action =
        switch (first.cause()) {
          case OPENED, ROSE, ESCALATED, STILL_OPEN -> "trigger";
          case ACKNOWLEDGED -> "acknowledge";
          case RESOLVED, WITHDRAWN -> "resolve";
        };
    if (!action.equals("trigger") && !first.lastOfReference()) {
      return null; // others of the storm still need somebody
    }
    ObjectNode event = Json.object();
    event.put("routing_key", requireNonNull(target.secret()).reveal());
    event.put("event_action", action);
    event.put("dedup_key", key(dispatch));
    if (action.equals("trigger")) {
      event.put("client", "Gradwatch");
      Json.putUnlessEmpty(event, "client_url", text.alarmsLink());
      event.set("payload", dispatch.form() == Form.GROUP ? storm(dispatch) : payload(first));
      event.set("links", links(first.record()));
    }
    return new HttpMessage("", java.util.Map.of(), Json.TYPE, event.toString());
  }

  @Override
  public Outcome outcome(Dispatch dispatch, HttpReply reply) {
    return Replies.outcome(reply, reference(dispatch));
  }

  @Override
  public Outcome taken(Dispatch dispatch) {
    return Outcome.delivered(reference(dispatch));
  }

  private static String reference(Dispatch dispatch) {
    String key = key(dispatch);
    return dispatch.first().cause() == Cause.ACKNOWLEDGED ? References.acknowledged(key) : key;
  }

  private static String key(Dispatch dispatch) {
    String before = References.key(dispatch.first().reference());
    if (!before.isEmpty()) {
      return before;
    }
    String id = dispatch.first().alarm().id();
    return dispatch.form() == Form.GROUP ? "storm-" + id : id;
  }

  private ObjectNode payload(Notice notice) {
    DivergenceAlarm alarm = notice.record();
    ObjectNode payload = head(text.headline(notice), alarm.getSeverity(), alarm);
    payload.put("component", AlarmText.clean(alarm.getRunId()));
    payload.put("class", alarm.getKind().name());
    ObjectNode details = payload.putObject("custom_details");
    details.put("since", AlarmText.since(alarm));
    Json.putUnlessEmpty(details, "do", AlarmText.doThis(alarm));
    details.put("commands", String.join("\n", AlarmText.commands(alarm)));
    details.set("evidence", AlarmJson.evidence(alarm));
    return payload;
  }

  private static ObjectNode storm(Dispatch dispatch) {
    Severity worst =
        dispatch.notices().stream()
            .map(notice -> notice.record().getSeverity())
            .max(Severity::compareTo)
            .orElse(Severity.CRITICAL);
    ObjectNode payload =
        head(AlarmText.countLine(dispatch.notices()), worst, dispatch.first().record());
    payload.put("class", "storm");
    ObjectNode details = payload.putObject("custom_details");
    details.put("kinds", AlarmText.kindsLine(dispatch.notices()));
    details.put(
        "runs",
        dispatch.notices().stream()
            .limit(MOST_NAMED)
            .map(notice -> notice.record().getProject() + "/" + notice.record().getRunId())
            .map(AlarmText::clean)
            .collect(Collectors.joining(", ")));
    return payload;
  }

  private static ObjectNode head(String summary, Severity severity, DivergenceAlarm alarm) {
    ObjectNode payload = Json.object();
    payload.put(
        "summary", summary.length() > MOST_SUMMARY ? summary.substring(0, MOST_SUMMARY) : summary);
    payload.put("source", AlarmText.clean(alarm.getProject() + "/" + alarm.getRunId()));
    payload.put("severity", severity.name().toLowerCase(Locale.ROOT));
    payload.put("group", alarm.getProject());
    return payload;
  }

  private ArrayNode links(DivergenceAlarm alarm) {
    ArrayNode links = Json.array();
    link(links, text.runLink(alarm), "The run at that step");
    link(links, text.alarmLink(alarm), "The alarm, and why");
    link(links, text.runbookLink(alarm), "What to do");
    return links;
  }

  private static void link(ArrayNode links, String href, String words) {
    if (!href.isEmpty()) {
      links.addObject().put("href", href).put("text", words);
    }
  }
}

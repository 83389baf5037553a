package io.gradwatch.console.routing.targets;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * CloudEvents 1.0 in structured JSON, signed: {@code X-Gradwatch-Signature: t=SECONDS,v1=HEX},
 * where HEX is HMAC-SHA256 of {@code SECONDS.BODY}. Who takes them refuses a time that is more than
 * five minutes away, and an id it has seen.
 */
public final class WebhookFormat implements TargetFormat {
  /** Header of the signature. */
  public static final String SIGNATURE = "X-Gradwatch-Signature";

  private static final String TYPE = "application/cloudevents+json";

  private final TargetConfig target;
  private final AlarmText text;
  private final boolean acts;

  /**
   * @param target which program
   * @param text words
   * @param acts whether it is told what to do instead of what was seen
   */
  public WebhookFormat(TargetConfig target, AlarmText text, boolean acts) {
    this.target = target;
    this.text = text;
    this.acts = acts;
  }

  @Override
  public HttpMessage message(Dispatch dispatch, Instant now) {
    ObjectNode event = Json.object();
    event.put("specversion", "1.0");
    event.put("id", id(dispatch));
    event.put("source", text.links().console().isEmpty() ? "/gradwatch" : text.links().console());
    event.put("type", "io.gradwatch." + type(dispatch));
    event.put("time", now.toString());
    event.put("datacontenttype", Json.TYPE);
    if (dispatch.form() == Form.GROUP) {
      ObjectNode data = event.putObject("data");
      data.put("text", AlarmText.countLine(dispatch.notices()));
      ArrayNode alarms = data.putArray("alarms");
      dispatch.notices().forEach(notice -> alarms.add(data(notice)));
    } else {
      Notice notice = dispatch.first();
      event.put("subject", notice.record().getProject() + "/" + notice.record().getRunId());
      event.set("data", data(notice));
    }
    String body = event.toString();
    long seconds = now.getEpochSecond();
    String signature =
        Signatures.hmacSha256(requireNonNull(target.secret()).reveal(), seconds + "." + body);
    return new HttpMessage("", Map.of(SIGNATURE, "t=" + seconds + ",v1=" + signature), TYPE, body);
  }

  /** The same message has the same id, however often it is sent. */
  private static String id(Dispatch dispatch) {
    if (dispatch.form() == Form.GROUP) {
      String members =
          dispatch.notices().stream().map(WebhookFormat::id).collect(Collectors.joining(" "));
      return "storm/" + UUID.nameUUIDFromBytes(members.getBytes(StandardCharsets.UTF_8));
    }
    return id(dispatch.first());
  }

  /**
   * What is told, not the revision that was the newest just then: who tells it again, because the
   * journal does not have it, may know a later one.
   */
  private static String id(Notice notice) {
    String id = notice.alarm().id() + "/";
    String severity = notice.record().getSeverity().name().toLowerCase(Locale.ROOT);
    return switch (notice.cause()) {
      case OPENED, ROSE, STILL_OPEN -> id + severity;
      case ESCALATED -> id + severity + "/escalation-" + notice.step();
      case ACKNOWLEDGED -> id + "acknowledged";
      case WITHDRAWN -> id + "withdrawn";
      case RESOLVED -> id + "resolved";
    };
  }

  private String type(Dispatch dispatch) {
    Cause cause = dispatch.first().cause();
    if (dispatch.form() == Form.GROUP) {
      return cause.isEnd() ? "alarms.resolved" : "alarms.opened";
    }
    return acts && !cause.isEnd()
        ? "action.suggested"
        : "alarm." + cause.name().toLowerCase(Locale.ROOT);
  }

  private ObjectNode data(Notice notice) {
    ObjectNode data = AlarmJson.of(notice.record());
    data.put("cause", notice.cause().name());
    data.put("escalation", notice.step());
    data.put("text", text.headline(notice));
    Json.putUnlessEmpty(data, "run_url", text.runLink(notice.record()));
    Json.putUnlessEmpty(data, "alarm_url", text.alarmLink(notice.record()));
    Json.putUnlessEmpty(data, "runbook_url", text.runbookLink(notice.record()));
    return data;
  }
}

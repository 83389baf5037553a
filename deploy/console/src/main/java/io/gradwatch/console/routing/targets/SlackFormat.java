package io.gradwatch.console.routing.targets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.console.routing.config.Secret;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.http.HttpReply;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.Outcome.Kind;
import io.gradwatch.records.DivergenceAlarm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Slack, by an incoming webhook or as a bot. A bot's message about an alarm is rewritten when the
 * alarm is over, and what follows on it is said in its thread; a webhook can only say more.
 */
public final class SlackFormat implements TargetFormat {
  private static final int MOST_NAMED = 20;
  private static final int MOST_HEADER = 150;
  private static final int MOST_SECTION = 2_900;

  /** A storm's message is not any one alarm's to rewrite. */
  private static final String STORM = "storm ";

  /** What Slack says when it is busy, and when somebody has to mend something. */
  private static final Set<String> BUSY =
      Set.of(
          "ratelimited",
          "rate_limited",
          "internal_error",
          "fatal_error",
          "request_timeout",
          "service_unavailable");

  private static final Set<String> WRONG_MESSAGE =
      Set.of(
          "invalid_blocks",
          "msg_too_long",
          "no_text",
          "invalid_arguments",
          "message_not_found",
          "cant_update_message",
          "edit_window_closed");

  private final TargetConfig target;
  private final AlarmText text;

  /**
   * @param target which channel
   * @param text words
   */
  public SlackFormat(TargetConfig target, AlarmText text) {
    this.target = target;
    this.text = text;
  }

  @Override
  public HttpMessage message(Dispatch dispatch, Instant now) {
    ObjectNode body = Json.object();
    if (dispatch.form() == Form.GROUP) {
      storm(dispatch, body);
    } else {
      single(dispatch.first(), body);
    }
    body.put("unfurl_links", false);
    Secret token = target.secret();
    if (token == null) {
      return new HttpMessage("", Map.of(), Json.TYPE, body.toString());
    }
    Map<String, String> headers = Map.of("Authorization", "Bearer " + token.reveal());
    String[] place = place(dispatch);
    boolean rewrites = dispatch.first().cause() == Cause.RESOLVED && place.length == 2;
    body.put("channel", place.length >= 2 ? place[place.length - 2] : target.channel());
    if (place.length >= 2) {
      body.put(rewrites ? "ts" : "thread_ts", place[place.length - 1]);
      if (!rewrites && dispatch.first().cause() != Cause.RESOLVED) {
        body.put("reply_broadcast", true);
      }
    }
    return new HttpMessage(
        rewrites ? "/chat.update" : "/chat.postMessage", headers, Json.TYPE, body.toString());
  }

  @Override
  public Outcome outcome(Dispatch dispatch, HttpReply reply) {
    if (!reply.isSuccess() || target.secret() == null) {
      return Replies.outcome(reply, "");
    }
    JsonNode answer = Json.parse(reply.body());
    if (!answer.path("ok").asBoolean()) {
      String error = answer.path("error").asText("no answer that can be read");
      Kind kind =
          BUSY.contains(error)
              ? Kind.RETRY
              : WRONG_MESSAGE.contains(error) ? Kind.REJECTED : Kind.REFUSED;
      return new Outcome(kind, "Slack says " + AlarmText.clean(error), "", reply.retryAfter());
    }
    if (!dispatch.first().reference().isEmpty() && dispatch.form() == Form.SINGLE) {
      return Outcome.delivered(dispatch.first().reference());
    }
    String place = answer.path("channel").asText() + " " + answer.path("ts").asText();
    return Outcome.delivered(dispatch.form() == Form.GROUP ? STORM + place : place);
  }

  /** Channel and time stamp of the message that is answered; three words for a storm's. */
  private static String[] place(Dispatch dispatch) {
    String reference = dispatch.first().reference();
    return dispatch.form() == Form.GROUP || reference.isEmpty()
        ? new String[0]
        : reference.split(" ");
  }

  private void single(Notice notice, ObjectNode body) {
    DivergenceAlarm alarm = notice.record();
    String headline = text.headline(notice);
    body.put("text", escape(headline));
    ArrayNode blocks = body.putArray("blocks");
    header(blocks, sign(notice) + " " + firstPart(headline));
    plain(blocks, notice.cause().isEnd() ? headline : AlarmText.summary(alarm));
    if (!notice.cause().isEnd()) {
      plain(blocks, lines(Stream.of(AlarmText.doThis(alarm), AlarmText.since(alarm))));
    }
    markdown(
        blocks,
        links(
            List.of(
                link(text.runLink(alarm), "The run at that step"),
                link(text.alarmLink(alarm), "The alarm, and why"),
                link(text.runbookLink(alarm), "What to do"))));
    if (!notice.cause().isEnd()) {
      markdown(
          blocks,
          AlarmText.commands(alarm).stream()
              .map(command -> "`" + escape(command) + "`")
              .collect(Collectors.joining("\n")));
    }
  }

  private void storm(Dispatch dispatch, ObjectNode body) {
    String count = AlarmText.countLine(dispatch.notices());
    body.put("text", escape(count));
    ArrayNode blocks = body.putArray("blocks");
    header(blocks, sign(dispatch.first()) + " " + count);
    plain(blocks, AlarmText.kindsLine(dispatch.notices()));
    int more = dispatch.notices().size() - MOST_NAMED;
    plain(
        blocks,
        lines(
            Stream.concat(
                dispatch.notices().stream().limit(MOST_NAMED).map(SlackFormat::shortLine),
                more > 0 ? Stream.of("and " + more + " more") : Stream.empty())));
    markdown(blocks, link(text.alarmsLink(), "All alarms"));
  }

  private static String shortLine(Notice notice) {
    DivergenceAlarm alarm = notice.record();
    String run = AlarmText.clean(alarm.getRunId());
    return "%s %s (%s): %s"
        .formatted(
            alarm.getSeverity(),
            run.length() > 60 ? run.substring(0, 60) + "…" : run,
            alarm.getProject(),
            AlarmText.kindWords(alarm.getKind()));
  }

  private static String sign(Notice notice) {
    if (notice.cause().isEnd()) {
      return "✅";
    }
    return switch (notice.record().getSeverity()) {
      case CRITICAL -> "🔴";
      case WARNING -> "🟡";
      case INFO -> "🔵";
    };
  }

  /** Up to the colon: severity, run and project. */
  private static String firstPart(String headline) {
    int end = headline.indexOf("): ");
    return end < 0 ? headline : headline.substring(0, end + 1);
  }

  private static void header(ArrayNode blocks, String words) {
    ObjectNode header = blocks.addObject().put("type", "header").putObject("text");
    header.put("type", "plain_text").put("text", bounded(words, MOST_HEADER));
  }

  /** Text in which nothing is markup. */
  private static void plain(ArrayNode blocks, String words) {
    section(blocks, "plain_text", words);
  }

  private static void markdown(ArrayNode blocks, String words) {
    section(blocks, "mrkdwn", words);
  }

  private static void section(ArrayNode blocks, String type, String words) {
    if (!words.isEmpty()) {
      ObjectNode section = blocks.addObject().put("type", "section").putObject("text");
      section.put("type", type).put("text", bounded(words, MOST_SECTION));
    }
  }

  private static String lines(Stream<String> lines) {
    return lines.filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
  }

  private static String links(List<String> links) {
    return links.stream().filter(link -> !link.isEmpty()).collect(Collectors.joining(" · "));
  }

  private static String link(String url, String words) {
    return url.isEmpty() ? "" : "<" + escape(url).replace("|", "%7C") + "|" + words + ">";
  }

  /** The three characters that Slack reads as markup of its own, such as {@code <!channel>}. */
  private static String escape(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String bounded(String words, int most) {
    return words.length() <= most ? words : words.substring(0, most - 1) + "…";
  }
}

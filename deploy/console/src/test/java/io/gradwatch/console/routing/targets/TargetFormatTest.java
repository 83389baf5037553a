package io.gradwatch.console.routing.targets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.console.model.Labels;
import io.gradwatch.console.routing.Alarms;
import io.gradwatch.console.routing.Configs;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.http.HttpReply;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.Outcome.Kind;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetFormatTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final RouterConfig CONFIG =
      Configs.of(
          """
          console-url: https://c.example/
          runbook-url: https://wiki.example/{kind}
          targets:
          - {name: slack, type: slack, url: '${env:HOOK}'}
          - {name: bot, type: slack, bot-token: env:KEY, channel: '#c'}
          - {name: pager, type: pagerduty, routing-key: env:KEY}
          - {name: hook, type: webhook, url: 'https://h.example/', secret: env:KEY}
          - {name: tuner, type: webhook, url: 'https://t.example/', secret: env:KEY}
          - {name: prom, type: alertmanager, url: 'http://am:9093', allow-private: true,
             labels: {team: ml}}
          acting: true
          actions-to: tuner
          """);

  private final DivergenceAlarm alarm = Alarms.open(7, NOW.toEpochMilli());

  private static TargetFormat format(String target) {
    return TargetFormats.of(CONFIG.targets().get(target), CONFIG);
  }

  private static Notice notice(Cause cause, DivergenceAlarm alarm, @Nullable Delivery told) {
    RoutedAlarm routed =
        new RoutedAlarm(
            alarm, new TopicPartition("t", 0), 0, NOW.toEpochMilli(), NOW.toEpochMilli());
    Labels labels = new Labels(routed.id(), "", "", "", "", "", Map.of());
    return new Notice(cause, routed, labels, 0, told, null, true);
  }

  private static Dispatch single(Cause cause, DivergenceAlarm alarm, @Nullable Delivery told) {
    return new Dispatch(Form.SINGLE, List.of(notice(cause, alarm, told)));
  }

  private static Dispatch storm(int alarms) {
    return new Dispatch(
        Form.GROUP,
        IntStream.range(0, alarms)
            .mapToObj(i -> notice(Cause.OPENED, Alarms.open(i, 0), null))
            .toList());
  }

  private static JsonNode body(@Nullable HttpMessage message) throws Exception {
    assertThat(message).isNotNull();
    return new ObjectMapper().readTree(message.body());
  }

  private Delivery told(String reference) {
    return notice(Cause.OPENED, alarm, null).delivery("x", reference, 0);
  }

  @Test
  void aTiredPersonReadsWhatWhereAndWhatToDo() {
    assertThat(new AlarmText(CONFIG.links()).headline(notice(Cause.OPENED, alarm, null)))
        .isEqualTo(
            "CRITICAL resnet-7 (vision): gradient norm doubles every 12 steps since step 4,310");
    assertThat(AlarmText.doThis(alarm)).isEqualTo("Do: lower the clip threshold to 0.8");
    assertThat(AlarmText.commands(alarm))
        .containsExactly(
            "gradwatch ack " + Alarms.id(7),
            "gradwatch silence add alarm=" + Alarms.id(7) + " --for 2h --note seen");
  }

  @Test
  void namesBreakNoLineAndTurnNoTextAround() {
    alarm.setRunId("a\n\u202Eb\u0000<!channel>");
    assertThat(new AlarmText(CONFIG.links()).headline(notice(Cause.OPENED, alarm, null)))
        .startsWith("CRITICAL a  b <!channel> (vision)");
    alarm.setAlarmId("$(reboot)");
    assertThat(AlarmText.commands(alarm)).isEmpty();
  }

  @Test
  void aRunThatIsNoPlainNameIsLinkedAsTheConsoleReadsIt() {
    alarm.setRunId("a/b");
    assertThat(new AlarmText(CONFIG.links()).runLink(alarm))
        .isEqualTo("https://c.example/run/vision/~YS9i?step=4310");
  }

  @Test
  void alertmanagerIdentifiesAnAlertByItsLabels() throws Exception {
    JsonNode alert = body(format("prom").message(single(Cause.OPENED, alarm, null), NOW)).get(0);
    assertThat(alert.get("labels"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"team": "ml", "alertname": "GradwatchExplodingGradient", "project": "vision",
                     "run": "resnet-7", "kind": "EXPLODING_GRADIENT", "severity": "critical",
                     "alarm_id": "00000000000000000000000000000007"}"""));
    assertThat(alert.get("startsAt").asText()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(alert.get("endsAt").asText()).isEqualTo("2026-11-22T10:04:00Z");
    assertThat(alert.get("generatorURL").asText())
        .isEqualTo("https://c.example/run/vision/resnet-7?step=4310");
    assertThat(alert.at("/annotations/runbook_url").asText())
        .isEqualTo("https://wiki.example/exploding-gradient");
  }

  @Test
  void anAlertThatGrowsMoreSevereTakesThePlaceOfTheOldOne() throws Exception {
    Delivery warning = told("");
    warning.setSeverity(Severity.WARNING);
    JsonNode alerts = body(format("prom").message(single(Cause.ROSE, alarm, warning), NOW));
    assertThat(alerts).hasSize(2);
    assertThat(alerts.at("/0/labels/severity").asText()).isEqualTo("warning");
    assertThat(alerts.at("/0/endsAt").asText()).isEqualTo(NOW.toString());
    assertThat(alerts.at("/1/labels/severity").asText()).isEqualTo("critical");
  }

  @Test
  void pagerDutyHearsOfOneIncidentByOneKey() throws Exception {
    JsonNode event = body(format("pager").message(single(Cause.OPENED, alarm, null), NOW));
    assertThat(event.get("event_action").asText()).isEqualTo("trigger");
    assertThat(event.get("dedup_key").asText()).isEqualTo(alarm.getAlarmId());
    assertThat(event.at("/payload/severity").asText()).isEqualTo("critical");
    assertThat(event.get("links")).hasSize(3);
    JsonNode end =
        body(format("pager").message(single(Cause.RESOLVED, alarm, told("storm-1")), NOW));
    assertThat(end.get("event_action").asText()).isEqualTo("resolve");
    assertThat(end.get("dedup_key").asText()).isEqualTo("storm-1");
    assertThat(
            format("pager")
                .outcome(single(Cause.ACKNOWLEDGED, alarm, told("k")), new HttpReply(202, "", null))
                .reference())
        .isEqualTo("k acknowledged");
  }

  @Test
  void whatIsStillOpenOfAStormKeepsItsIncidentOpen() {
    Notice one = notice(Cause.RESOLVED, alarm, told("storm-1"));
    Notice shared = new Notice(one.cause(), one.alarm(), one.labels(), 0, one.told(), null, false);
    assertThat(format("pager").message(new Dispatch(Form.SINGLE, List.of(shared)), NOW)).isNull();
  }

  @Test
  void slackReadsNoMarkupInNames() throws Exception {
    alarm.setRunId("<!channel> & <https://evil.example|x>");
    HttpMessage message = format("slack").message(single(Cause.OPENED, alarm, null), NOW);
    assertThat(message).isNotNull();
    JsonNode body = body(message);
    assertThat(body.get("text").asText()).doesNotContain("<").contains("&lt;!channel&gt; &amp;");
    for (JsonNode block : body.get("blocks")) {
      String text = block.at("/text/text").asText();
      if (block.at("/text/type").asText().equals("mrkdwn")) {
        assertThat(text).doesNotContain("<!").doesNotContain("<https://evil");
      }
    }
    assertThat(message.headers()).isEmpty();
  }

  @Test
  void aBotRewritesItsMessageWhenTheAlarmIsOver() throws Exception {
    TargetFormat bot = format("bot");
    HttpMessage opened = bot.message(single(Cause.OPENED, alarm, null), NOW);
    assertThat(opened).isNotNull();
    assertThat(opened.path()).isEqualTo("/chat.postMessage");
    assertThat(opened.toString()).doesNotContain("key-that-nobody-sees");
    String reference =
        bot.outcome(
                single(Cause.OPENED, alarm, null),
                new HttpReply(200, "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.2\"}", null))
            .reference();
    HttpMessage over = bot.message(single(Cause.RESOLVED, alarm, told(reference)), NOW);
    assertThat(over).isNotNull();
    assertThat(over.path()).isEqualTo("/chat.update");
    assertThat(body(over).get("ts").asText()).isEqualTo("1.2");
    assertThat(body(over).get("channel").asText()).isEqualTo("C1");
    HttpMessage rose = bot.message(single(Cause.ROSE, alarm, told(reference)), NOW);
    assertThat(body(rose).get("thread_ts").asText()).isEqualTo("1.2");
    HttpMessage ofStorm = bot.message(single(Cause.RESOLVED, alarm, told("storm C1 1.2")), NOW);
    assertThat(ofStorm).isNotNull();
    assertThat(ofStorm.path()).isEqualTo("/chat.postMessage");
    assertThat(body(ofStorm).get("thread_ts").asText()).isEqualTo("1.2");
  }

  @Test
  void aPagerCountsAsToldOfAnAcknowledgementThatItDoesNotHear() {
    Notice known = notice(Cause.ACKNOWLEDGED, alarm, told("storm-1"));
    Notice shared =
        new Notice(known.cause(), known.alarm(), known.labels(), 0, known.told(), null, false);
    Dispatch dispatch = new Dispatch(Form.SINGLE, List.of(shared));
    assertThat(format("pager").message(dispatch, NOW)).isNull();
    assertThat(format("pager").taken(dispatch))
        .isEqualTo(Outcome.delivered("storm-1 acknowledged"));
    assertThat(format("pager").taken(storm(2)))
        .isEqualTo(Outcome.delivered("storm-" + Alarms.id(0)));
    assertThat(format("bot").taken(dispatch)).isEqualTo(Outcome.delivered(""));
  }

  @Test
  void slackSaysNoWithStatus200() {
    TargetFormat bot = format("bot");
    Dispatch dispatch = single(Cause.OPENED, alarm, null);
    assertThat(bot.outcome(dispatch, slackSays("ratelimited")).kind()).isEqualTo(Kind.RETRY);
    assertThat(bot.outcome(dispatch, slackSays("invalid_auth")).kind()).isEqualTo(Kind.REFUSED);
    assertThat(bot.outcome(dispatch, slackSays("msg_too_long")).kind()).isEqualTo(Kind.REJECTED);
    assertThat(bot.outcome(dispatch, new HttpReply(200, "<html>", null)).isDelivered()).isFalse();
  }

  private static HttpReply slackSays(String error) {
    return new HttpReply(200, "{\"ok\":false,\"error\":\"" + error + "\"}", null);
  }

  @Test
  void aStormNamesTheFirstAndCountsAll() throws Exception {
    JsonNode slack = body(format("slack").message(storm(490), NOW));
    assertThat(slack.get("text").asText()).isEqualTo("490 alarms in 1 project: 490 CRITICAL");
    assertThat(slack.get("blocks").toString()).contains("and 470 more").hasSizeLessThan(10_000);
    JsonNode hook = body(format("hook").message(storm(100), NOW));
    assertThat(hook.get("type").asText()).isEqualTo("io.gradwatch.alarms.opened");
    assertThat(hook.at("/data/alarms")).hasSize(100);
    assertThat(body(format("pager").message(storm(490), NOW)).at("/payload/summary").asText())
        .startsWith("490 alarms");
  }

  @Test
  void aWebhookIsASignedCloudEventWithOneIdHoweverOftenItIsSent() throws Exception {
    alarm.setEvidence(List.of(new Evidence("loss", Double.NaN), new Evidence("norm", 2.5)));
    HttpMessage message = format("hook").message(single(Cause.OPENED, alarm, null), NOW);
    assertThat(message).isNotNull();
    assertThat(message.contentType()).isEqualTo("application/cloudevents+json");
    JsonNode event = body(message);
    assertThat(event.get("specversion").asText()).isEqualTo("1.0");
    assertThat(event.get("id").asText()).isEqualTo(alarm.getAlarmId() + "/critical");
    assertThat(event.get("type").asText()).isEqualTo("io.gradwatch.alarm.opened");
    assertThat(event.at("/data/evidence/loss").asText()).isEqualTo("NaN");
    assertThat(message.headers().get(WebhookFormat.SIGNATURE))
        .isEqualTo(
            "t=1795341600,v1="
                + Signatures.hmacSha256("key-that-nobody-sees", "1795341600." + message.body()));
    HttpMessage again =
        format("hook").message(single(Cause.OPENED, alarm, null), NOW.plusSeconds(60));
    assertThat(body(again).get("id")).isEqualTo(event.get("id"));
  }

  @Test
  void theIdOfAnEventSaysWhatIsToldAndNotWhichRevisionWasNewest() throws Exception {
    DivergenceAlarm warning = Alarms.as(alarm, Severity.WARNING, 0);
    String id = alarm.getAlarmId();
    assertThat(hookId(Cause.OPENED, warning)).isEqualTo(id + "/warning");
    assertThat(hookId(Cause.OPENED, Alarms.as(alarm, Severity.WARNING, 3)))
        .isEqualTo(id + "/warning");
    // Who knows of the warning only has to hear of this one.
    assertThat(hookId(Cause.OPENED, Alarms.as(alarm, Severity.CRITICAL, 3)))
        .isEqualTo(hookId(Cause.ROSE, Alarms.as(alarm, Severity.CRITICAL, 4)))
        .isEqualTo(id + "/critical");
    assertThat(hookId(Cause.ESCALATED, warning)).isEqualTo(id + "/warning/escalation-0");
    assertThat(hookId(Cause.RESOLVED, Alarms.resolved(alarm, 0))).isEqualTo(id + "/resolved");
  }

  private String hookId(Cause cause, DivergenceAlarm newest) throws Exception {
    return body(format("hook").message(single(cause, newest, null), NOW)).get("id").asText();
  }

  @Test
  void signsAsTheStandardDoes() {
    // RFC 4231, test case 2.
    assertThat(Signatures.hmacSha256("Jefe", "what do ya want for nothing?"))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void whoActsIsToldWhatToDo() throws Exception {
    JsonNode event = body(format("tuner").message(single(Cause.OPENED, alarm, null), NOW));
    assertThat(event.get("type").asText()).isEqualTo("io.gradwatch.action.suggested");
    assertThat(event.at("/data/actions/0/action").asText()).isEqualTo("LOWER_CLIP_THRESHOLD");
    assertThat(event.at("/data/actions/0/value").asDouble()).isEqualTo(0.8);
  }

  @Test
  void anAnswerSaysWhetherToTryAgain() {
    assertThat(kind(200)).isEqualTo(Kind.DELIVERED);
    assertThat(kind(202)).isEqualTo(Kind.DELIVERED);
    assertThat(List.of(kind(408), kind(429), kind(500), kind(503))).containsOnly(Kind.RETRY);
    assertThat(List.of(kind(400), kind(413), kind(422))).containsOnly(Kind.REJECTED);
    assertThat(List.of(kind(301), kind(307), kind(401), kind(403), kind(404), kind(410)))
        .containsOnly(Kind.REFUSED);
  }

  private Kind kind(int status) {
    return format("hook")
        .outcome(single(Cause.OPENED, alarm, null), new HttpReply(status, "", null))
        .kind();
  }
}

package io.gradwatch.console.routing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.console.routing.Configs;
import io.gradwatch.console.routing.config.KindAnswer.Action;
import io.gradwatch.records.AlarmKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterConfigReaderTest {
  @TempDir private Path folder;

  @Test
  void readsTheExampleOfTheDocuments() throws Exception {
    RouterConfig config =
        RouterConfigReader.read(
            Files.readString(Path.of("docs/router.yaml")),
            "router.yaml",
            folder,
            Map.of(
                "SLACK_WEBHOOK", "https://hooks.slack.com/services/T0/B0/x",
                "SLACK_TOKEN", "t",
                "PAGERDUTY_KEY", "k",
                "PAGERDUTY_LEAD_KEY", "l",
                "WEBHOOK_SECRET", "s"));
    assertThat(config.targets().keySet())
        .containsExactly(
            "alertmanager", "vision-channel", "fleet-channel", "pager", "lead-pager", "tuner");
    assertThat(config.routes()).hasSize(4);
    assertThat(config.routes().get(2).escalation())
        .containsExactly(
            new EscalationStep(Duration.ofMinutes(15), List.of("pager")),
            new EscalationStep(Duration.ofHours(1), List.of("lead-pager", "fleet-channel")));
    assertThat(config.answer(AlarmKind.LOSS_SPIKE))
        .isEqualTo(new KindAnswer(Action.CHECK_AGAIN, Duration.ofMinutes(10)));
    assertThat(config.answer(AlarmKind.STALLED)).isEqualTo(KindAnswer.PAGE);
    assertThat(config.actionsTo()).as("acting is off").isNull();
    assertThat(config.tags()).isFalse();
  }

  @Test
  void withoutTargetsNobodyIsTold() {
    assertThat(Configs.of("").targets()).isEmpty();
    assertThat(Configs.of("# nothing").routes()).isEmpty();
  }

  @Test
  void tellsEverythingThatIsWrongWithItsLine() {
    assertThat(
            errors(
                """
                console-ulr: https://c.example
                stale-after: 6 hours
                targets:
                - name: Slack
                  type: slakc
                - {name: hook, type: webhook, url: 'http://h.example/', secret: env:KEY}
                - {name: hook2, type: webhook, url: 'https://h.example/'}
                routes:
                - match: {severity: CRITCAL, projet: x, run: '=~ ['}
                  to: [hok]
                  during: [{days: sun-mon, from: 25:00, zone: Mars}]
                answers:
                  LOSS_SPIK: page
                  STALLED: wait
                """))
        .contains(
            "router.yaml:1: unknown: console-ulr; did you mean console-url?",
            "router.yaml:2: stale-after: is '6 hours', must be such as 30s, 15m, 6h or 2d",
            "router.yaml:5: unknown type of target: slakc; did you mean slack?",
            "router.yaml:7: secret or secret-file is missing",
            "router.yaml:9: unknown severity: CRITCAL; did you mean CRITICAL?",
            "router.yaml:9: unknown label: projet; did you mean project?",
            "router.yaml:13: unknown kind: LOSS_SPIK; did you mean LOSS_SPIKE?")
        .anyMatch(error -> error.startsWith("router.yaml:4: name is 'Slack'"))
        .anyMatch(error -> error.startsWith("router.yaml:6: url of h.example is http"))
        .anyMatch(error -> error.startsWith("router.yaml:9: value of run is no regular"))
        .anyMatch(error -> error.startsWith("router.yaml:10: unknown target: hok"))
        .anyMatch(error -> error.startsWith("router.yaml:11: from: is '25:00'"))
        .anyMatch(error -> error.startsWith("router.yaml:11: zone: is 'Mars'"))
        .anyMatch(error -> error.startsWith("router.yaml:14: STALLED: is 'wait'"));
  }

  @Test
  void aSecretInClearTextIsRefusedAndNotRepeated() {
    List<String> errors =
        errors(
            """
            targets:
            - {name: a, type: slack, url: 'https://hooks.slack.com/services/T0/B0/hush'}
            - {name: b, type: pagerduty, routing-key: hush}
            - {name: c, type: slack, bot-token: xoxb-hush, channel: '#c'}
            - {name: d, type: pagerduty, routing-key: 'env:NOT_SET'}
            - {name: e, type: pagerduty, routing-key-file: not-there}
            """);
    assertThat(errors).hasSize(5).noneMatch(error -> error.contains("hush"));
    assertThat(errors.get(0)).contains("${env:NAME}");
    assertThat(errors.get(3)).contains("the variable NOT_SET is not set");
  }

  @Test
  void whoNamesATargetThatIsWrongMakesNoSecondError() {
    assertThat(
            errors(
                """
                targets:
                - {name: a, type: slack, url: 'env:NOT_SET'}
                - {name: b, type: webhook, url: 'env:NOT_SET', secret: 'env:KEY'}
                - {name: c, type: slakc}
                routes:
                - {to: [a, c], escalation: [{after: 5m, to: a}]}
                actions-to: b
                acting: true
                """))
        .containsExactly(
            "router.yaml:2: url: the variable NOT_SET is not set",
            "router.yaml:3: url: the variable NOT_SET is not set",
            "router.yaml:4: unknown type of target: slakc; did you mean slack?");
  }

  @Test
  void readsASecretFromAFileAndNeverPrintsIt() throws Exception {
    Files.writeString(folder.resolve("key"), "hush \nsecond line");
    RouterConfig config =
        RouterConfigReader.read(
            "targets: [{name: b, type: pagerduty, routing-key-file: key}]", "r", folder, Map.of());
    TargetConfig target = config.targets().get("b");
    assertThat(target.secret()).isNotNull();
    assertThat(target.secret().reveal()).isEqualTo("hush");
    assertThat(config.toString()).doesNotContain("hush");
    assertThat(target.redacted("it said hush")).isEqualTo("it said ***");
  }

  @Test
  void aBombIsNoConfiguration() {
    assertThat(errors("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]"))
        .contains("router.yaml:2: aliases are not accepted, write the value out");
    assertThat(errors("[".repeat(10_000))).isNotEmpty();
    assertThat(errors("a: [")).first().asString().startsWith("router.yaml:1: is no YAML");
    assertThat(errors("x".repeat(300_000))).first().asString().contains("at most");
    assertThat(errors("- a")).containsExactly("router.yaml:1: must be names with values");
    assertThat(errors("tags: true\ntags: true"))
        .containsExactly("router.yaml:2: tags is set twice");
  }

  @Test
  void whoActsHasToBeAWebhookOfItsOwn() {
    String target =
        "targets: [{name: w, type: webhook, url: 'https://w.example', secret: env:KEY}]\n";
    assertThat(errors("acting: true")).first().asString().contains("actions-to is missing");
    assertThat(errors(target + "actions-to: x")).first().asString().contains("must be a target");
    assertThat(errors(target + "actions-to: w\nroutes: [{to: w}]"))
        .first()
        .asString()
        .contains("a route tells w too");
    assertThat(Configs.of(target + "acting: true\nactions-to: w").actionsTo()).isEqualTo("w");
  }

  @Test
  void aRuleByTagOrOwnerNeedsTags() {
    assertThat(Configs.of("routes: [{match: {'tag:host': a}}]").tags()).isTrue();
    assertThat(Configs.of("routes: [{match: {owner: a}}]").tags()).isTrue();
    assertThat(Configs.of("tags: true").tags()).isTrue();
    assertThatThrownBy(() -> Configs.of("tags: maybe")).hasMessageContaining("true or false");
  }

  private static List<String> errors(String text) {
    try {
      RouterConfigReader.read(text, "router.yaml", Path.of("."), Configs.ENVIRONMENT);
      return List.of();
    } catch (InvalidRouterConfigException e) {
      return e.errors();
    }
  }
}

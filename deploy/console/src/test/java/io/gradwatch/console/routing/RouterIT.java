package io.gradwatch.console.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Routers on a real Kafka. Each test is a group and a target of its own. */
@Timeout(600)
class RouterIT {
  private static KafkaCluster kafka;
  private static RoutedTopics topics;
  private static int alarms;

  private HookServer hook;
  private String name;
  private final List<Router> routers = new ArrayList<>();

  @BeforeAll
  static void startKafka() {
    kafka = KafkaCluster.start();
    topics = RoutedTopics.in(kafka);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void startHook(TestInfo test) throws Exception {
    hook = new HookServer();
    name = "t" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  @AfterEach
  void stop() {
    routers.forEach(Router::close);
    hook.close();
  }

  private Router router() {
    Router router = Router.start(config(), topics.client(), options());
    routers.add(router);
    return router;
  }

  private RouterConfig config() {
    return Configs.of(
        """
        targets:
        - {name: %s, type: webhook, url: '%s', secret: env:KEY, allow-private: true,
           group-over: 45, group-wait: 20s}
        routes:
        - {to: %s, match: {run: '=~ %s-.*'}}
        """
            .formatted(name, hook.url(), name, name));
  }

  private RouterOptions options() {
    return RouterOptions.standard().withGroup(name);
  }

  /** An alarm of this test. */
  private DivergenceAlarm alarm(String run) {
    DivergenceAlarm alarm = Alarms.open(++alarms, System.currentTimeMillis());
    alarm.setRunId(name + "-" + run);
    return alarm;
  }

  private String opened(String run) {
    return "opened " + name + "-" + run;
  }

  private String resolved(String run) {
    return "resolved " + name + "-" + run;
  }

  private void awaitTold() {
    Await.until("everything told", () -> topics.lag(name).equals(Optional.of(0L)));
  }

  @Test
  void aRouterThatStartsAgainForgetsAndRepeatsNothing() throws Exception {
    DivergenceAlarm a = alarm("a");
    topics.send(a);
    Router first = router();
    Await.until("the alarm", () -> hook.taken().equals(List.of(opened("a"))));
    awaitTold();
    first.close();
    topics.send(alarm("b"));

    router();
    Await.until("the other", () -> hook.taken().contains(opened("b")));
    topics.send(Alarms.resolved(a, System.currentTimeMillis()));
    Await.until("its end", () -> hook.taken().contains(resolved("a")));
    awaitTold();
    assertThat(hook.taken()).containsExactly(opened("a"), opened("b"), resolved("a"));
    assertThat(topics.journal(name)).hasSize(3);
  }

  /** A job that lost its state writes all of them once more, byte for byte: see LostStateIT. */
  @Test
  void nobodyIsToldOfWhatAJobThatLostItsStateWritesAgain() throws Exception {
    DivergenceAlarm ended = alarm("ended");
    DivergenceAlarm open = alarm("open");
    DivergenceAlarm[] all = {ended, Alarms.resolved(ended, System.currentTimeMillis()), open};
    Router first = router();
    topics.send(ended, open);
    Await.until("both", () -> hook.taken().size() == 2);
    topics.send(all[1]);
    Await.until("the end", () -> hook.taken().contains(resolved("ended")));
    topics.send(all);
    awaitTold();
    first.close();

    router(); // which reads everything twice
    topics.send(alarm("new"));
    Await.until("what is new", () -> hook.taken().contains(opened("new")));
    awaitTold();
    assertThat(hook.taken())
        .containsExactlyInAnyOrder(
            opened("ended"), opened("open"), resolved("ended"), opened("new"));
  }

  @Test
  void aTargetThatWasDownHearsOfWhatIsStillOpenAndTheOffsetsWaitForIt() throws Exception {
    hook.answer(503);
    router();
    DivergenceAlarm over = alarm("over");
    topics.send(over, alarm("open"));
    Await.until("a try", () -> hook.refused() > 1);
    topics.send(Alarms.resolved(over, System.currentTimeMillis()));
    Await.until("one that waits", () -> topics.lag(name).filter(lag -> lag > 0).isPresent());
    assertThat(topics.journal(name)).isEmpty();
    hook.answer(200);
    Await.until("what is open", () -> hook.taken().contains(opened("open")));
    awaitTold();
    assertThat(hook.taken()).containsExactly(opened("open"));
  }

  @Test
  void whatWasToldAndNotWrittenDownIsToldAgainUnderTheSameIdUnlessItIsStale() throws Exception {
    DivergenceAlarm fresh = alarm("fresh");
    DivergenceAlarm old = alarm("old");
    Router first = router();
    awaitTold();
    topics.send(fresh, old);
    Await.until("the alarms", () -> hook.taken().size() == 2);
    awaitTold();
    first.close();
    topics.forget(name, fresh.getAlarmId());
    topics.forget(name, old.getAlarmId());
    // The job goes on meanwhile: what is told again is a later revision of the same.
    topics.send(Alarms.as(fresh, Severity.CRITICAL, 1));

    Instant later = Instant.now().plus(Duration.ofHours(7));
    DivergenceAlarm last = alarm("last");
    last.setEmittedAt(later.toEpochMilli());
    DivergenceAlarm heardOf = Alarms.as(fresh, Severity.CRITICAL, 2);
    heardOf.setEmittedAt(later.toEpochMilli());
    topics.send(heardOf, last);
    routers.add(
        Router.start(
            config(), topics.client(), options().withClock(Clock.fixed(later, ZoneOffset.UTC))));
    Await.until("what is not stale", () -> hook.taken().size() == 4);
    Await.until("both written down", () -> topics.journal(name).size() >= 4);
    awaitTold();
    assertThat(hook.ids()).hasSize(4);
    assertThat(hook.ids().subList(0, 2))
        .containsExactlyInAnyOrder(
            fresh.getAlarmId() + "/critical", old.getAlarmId() + "/critical");
    assertThat(hook.ids().subList(2, 4))
        .containsExactlyInAnyOrder(
            fresh.getAlarmId() + "/critical", last.getAlarmId() + "/critical");
  }

  @Test
  void twoRoutersShareTheAlarmsAndOneTakesOverFromTheOther() throws Exception {
    Router one = router();
    router();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      topics.send(alarm("first" + i));
      expected.add(opened("first" + i));
    }
    Await.until("all of them", () -> hook.taken().size() >= expected.size());
    awaitTold();
    one.close();
    for (int i = 0; i < 20; i++) {
      topics.send(alarm("then" + i));
      expected.add(opened("then" + i));
    }
    Await.until("the rest", () -> hook.taken().size() >= expected.size());
    awaitTold();
    assertThat(hook.taken()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whatIsSilencedInItsTopicIsNotTold() throws Exception {
    long now = System.currentTimeMillis();
    topics.silence(name + "-quiet", now - 1, now + 3_600_000);
    router();
    topics.send(alarm("quiet"), alarm("loud"));
    Await.until("the other", () -> hook.taken().equals(List.of(opened("loud"))));
    awaitTold();
    assertThat(hook.taken()).containsExactly(opened("loud"));
  }

  @Test
  void aDryRunSaysWhatItWouldSendAndSendsAndKeepsNothing() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    topics.send(alarm("a"));
    routers.add(
        Router.start(config(), topics.client(), options().withDryRun(lines::add, count -> {})));
    Await.until("a line", () -> lines.size() == 1);
    assertThat(lines.get(0))
        .contains("\"target\":\"" + name + "\"", name + "-a")
        .doesNotContain("key-that-nobody-sees");
    assertThat(hook.taken()).isEmpty();
    assertThat(topics.journal(name)).isEmpty();
    assertThat(topics.lag(name)).isEmpty();
  }

  @Test
  void aTargetThatNobodyTellsAnyMoreEndsTheRouter() {
    topics.send(alarm("a"));
    Router router =
        Router.start(
            config(),
            topics.client(),
            options()
                .withDryRun(
                    line -> {
                      throw new IllegalStateException("no room for key-that-nobody-sees");
                    },
                    count -> {}));
    routers.add(router);
    assertThatThrownBy(router::await)
        .hasMessageContaining("cannot tell target " + name)
        .hasMessageContaining("no room")
        .hasMessageNotContaining("key-that-nobody-sees");
  }

  @Test
  void metricsSayWhatBecameOfAlarms() throws Exception {
    Router router = router();
    topics.send(alarm("a"));
    awaitTold();
    Await.until("the alarm", () -> hook.taken().size() == 1);
    assertThat(router.metrics())
        .contains(
            "gradwatch_router_requests_total{target=\"" + name + "\",outcome=\"delivered\"} 1\n",
            "gradwatch_router_pending_alarms{target=\"" + name + "\"} 0.0\n")
        .containsPattern("gradwatch_router_last_read_timestamp_seconds \\d\\.\\d+E9\n");
  }

  @Test
  void withoutItsTopicsARouterSaysWhatToDo() {
    try (KafkaCluster empty = KafkaCluster.start()) {
      assertThatThrownBy(() -> Router.start(config(), new RoutedTopics(empty).client(), options()))
          .hasMessageContaining("gradwatch topics create");
    }
  }

  @Test
  void aStormOnARealKafkaIsToldInGroups() throws Exception {
    router();
    DivergenceAlarm[] storm =
        Stream.generate(() -> alarm("storm")).limit(500).toArray(DivergenceAlarm[]::new);
    topics.send(storm);
    Await.until("everything told", () -> topics.journal(name).size() == 500);
    assertThat(hook.ids()).doesNotHaveDuplicates();
    assertThat(hook.taken().size()).isLessThan(250);
  }
}

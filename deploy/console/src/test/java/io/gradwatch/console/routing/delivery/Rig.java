package io.gradwatch.console.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.routing.Configs;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Matcher;
import io.gradwatch.records.Silence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/** A router without Kafka and network, whose clock a test turns. */
final class Rig {
  static final TopicPartition PARTITION = new TopicPartition("gradwatch.alarms.v1.vision", 0);

  /** A Sunday morning. */
  static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final RouterConfig config;
  private final List<String> told = new ArrayList<>();
  private final List<Dispatch> dispatches = new ArrayList<>();
  private final Map<String, Delivery> journal = new LinkedHashMap<>();
  private final Map<String, TargetLane> lanes = new LinkedHashMap<>();
  private final Map<String, Function<Dispatch, Outcome>> answers = new LinkedHashMap<>();
  private final List<Long> passedOver = new ArrayList<>();
  private RoutingState state;
  private Instant now = START;
  private long offset;
  private boolean writes = true;

  Rig(String yaml) {
    config = Configs.of(yaml);
    restart();
  }

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  /** A new router that knows the journal only. */
  void restart() {
    writes = true;
    state = new RoutingState(config, 10_000, passedOver::add);
    journal.values().forEach(state::take);
    state.ready(Set.of(PARTITION));
    lanes.clear();
    config
        .targets()
        .forEach(
            (name, target) ->
                lanes.put(
                    name,
                    new TargetLane(
                        target,
                        state,
                        dispatch -> send(name, dispatch),
                        this::write,
                        clock,
                        new Random(1))));
  }

  /** From now on nothing comes into the journal, as if the router were killed before it writes. */
  void loseWhatIsToldNow() {
    writes = false;
  }

  RoutingState state() {
    return state;
  }

  void alarm(DivergenceAlarm alarm) {
    alarm(alarm, now);
  }

  /** An alarm that was written at a time. */
  void alarm(DivergenceAlarm alarm, Instant written) {
    state.take(
        new RoutedAlarm(
            alarm, PARTITION, offset++, written.toEpochMilli(), written.toEpochMilli()));
  }

  void acknowledge(String alarm) {
    state.take(
        Acknowledgement.newBuilder()
            .setAlarmId(alarm)
            .setAuthor("ada")
            .setAt(now.toEpochMilli())
            .build());
  }

  void silence(String label, String value, Duration length) {
    state.take(
        Silence.newBuilder()
            .setSilenceId("s")
            .setMatchers(List.of(new Matcher(label, MatchOperator.EQUAL, value)))
            .setStartsAt(now.toEpochMilli())
            .setEndsAt(now.plus(length).toEpochMilli())
            .build());
  }

  /** How a target answers from now on. */
  void answer(String target, Function<Dispatch, Outcome> answer) {
    answers.put(target, answer);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** Lets every target be told until there is nothing to tell now. */
  Rig settle() {
    for (TargetLane lane : lanes.values()) {
      int messages = 0;
      while (lane.step() == 0) {
        assertThat(messages++).as("messages at once to " + lane.target().name()).isLessThan(1_000);
      }
    }
    state.settle(now);
    return this;
  }

  /** Lets time pass second by second. */
  Rig run(Duration time) {
    for (Instant end = now.plus(time); now.isBefore(end); ) {
      settle();
      pass(Duration.ofSeconds(1));
    }
    return settle();
  }

  /** What was told since it was asked last, such as {@code slack OPENED resnet-1}. */
  List<String> told() {
    List<String> since = List.copyOf(told);
    told.clear();
    return since;
  }

  /** Counts of alarms that were over before anybody was told. */
  List<Long> passedOver() {
    return passedOver;
  }

  List<Dispatch> dispatches() {
    return dispatches;
  }

  /** When what a target was not told became due, first to last. */
  List<Instant> pendingSince(String target) {
    return state.pending(config.targets().get(target), now).stream()
        .map(pending -> Instant.ofEpochMilli(pending.since()))
        .toList();
  }

  List<String> untoldOffsets() {
    return state.untold(now).values().stream().map(String::valueOf).toList();
  }

  private Outcome send(String target, Dispatch dispatch) {
    Outcome outcome = answers.getOrDefault(target, any -> Outcome.delivered("")).apply(dispatch);
    if (outcome.isDelivered()) {
      dispatches.add(dispatch);
      String what =
          dispatch.notices().size() == 1
              ? dispatch.first().record().getRunId()
              : dispatch.notices().size() + " alarms";
      told.add("%s %s %s".formatted(target, dispatch.first().cause(), what));
    }
    return outcome;
  }

  private void write(List<Delivery> deliveries) {
    if (!writes) {
      return;
    }
    deliveries.forEach(line -> journal.put(line.getTarget() + "/" + line.getAlarmId(), line));
  }
}

package io.gradwatch.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.model.Records;
import io.gradwatch.console.model.RunKey;
import io.gradwatch.records.Severity;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowerTest {
  private final Fleet fleet =
      new Fleet(new FleetLimits(1_600, 5_000, 1 << 20), InstantSource.system());
  private long step = 1;

  @Test
  void tellsCountsFirstAndThenOnlyWhatChanged() {
    touch("a");
    touch("b");
    Follower follower = new Follower(fleet, null);
    assertThat(rows(follower.next())).isEmpty();
    assertThat(follower.next()).isEmpty();
    touch("b");
    assertThat(rows(follower.next())).extracting(RunRow::run).containsExactly("b");
    assertThat(follower.next()).isEmpty();
  }

  @Test
  void tellsAtMost500RowsAndEveryOneBeforeAnyIsToldAgain() {
    touchAll(1_200);
    Follower follower = new Follower(fleet, null);
    Map<String, Integer> told = new HashMap<>();
    for (int second = 0; second < 12; second++) {
      touchAll(1_200);
      List<RunRow> rows = rows(follower.next());
      assertThat(rows).hasSize(Follower.MOST_ROWS);
      rows.forEach(row -> told.merge(row.run(), 1, Integer::sum));
      int most = told.values().stream().max(Integer::compare).orElse(0);
      int least = told.size() < 1_200 ? 0 : told.values().stream().min(Integer::compare).get();
      assertThat(most - least).isLessThanOrEqualTo(1);
    }
    assertThat(told).hasSize(1_200);
  }

  @Test
  void whatChangedItsStateComesFirstButLeavesRoomForOthers() {
    touchAll(1_200);
    Follower follower = new Follower(fleet, null);
    touchAll(1_200);
    for (int i = 0; i < 600; i++) {
      alarm(i, "run" + (600 + i));
    }
    List<RunRow> rows = rows(follower.next());
    assertThat(rows).hasSize(Follower.MOST_ROWS);
    assertThat(rows.subList(0, Follower.MOST_URGENT)).allMatch(row -> row.openAlarms() == 1);
    assertThat(rows.subList(Follower.MOST_URGENT, Follower.MOST_ROWS))
        .allMatch(row -> row.openAlarms() == 0);
    assertThat(rows(follower.next())).filteredOn(row -> row.openAlarms() == 1).hasSize(200);
  }

  @Test
  void tellsAlarmsInBoundedPartsAndLosesNone() {
    Follower follower = new Follower(fleet, null);
    for (int i = 0; i < 1_100; i++) {
      alarm(i, "run");
    }
    assertThat(alarms(follower.next())).hasSize(Follower.MOST_ALARMS);
    assertThat(alarms(follower.next())).hasSize(Follower.MOST_ALARMS);
    assertThat(alarms(follower.next())).hasSize(100);
    assertThat(alarms(follower.next())).isEmpty();
  }

  @Test
  void tellsWhichRunsAreGone() {
    touchAll(1_600);
    Follower follower = new Follower(fleet, null);
    follower.next();
    touch("one more");
    assertThat(data(follower.next(), "fleet").orElseThrow().get("removed"))
        .isEqualTo(List.of("default/run0"));
  }

  @Test
  void followsOneRunAndItsAlarms() {
    touch("run");
    touch("other");
    Follower follower = new Follower(fleet, new RunKey("default", "run"));
    assertThat(data(follower.next(), "run").orElseThrow()).containsKeys("row", "overflow");
    assertThat(follower.next()).isEmpty();
    touch("other");
    alarm(1, "other");
    assertThat(follower.next()).isEmpty();
    alarm(2, "run");
    List<Follower.Message> messages = follower.next();
    assertThat(data(messages, "run")).isPresent();
    assertThat(alarms(messages)).extracting(AlarmView::id).containsExactly(Records.id(2));
  }

  @Test
  void waitsForARunThatIsNotThereYet() {
    Follower follower = new Follower(fleet, new RunKey("default", "run"));
    assertThat(follower.next()).isEmpty();
    touch("run");
    assertThat(data(follower.next(), "run")).isPresent();
  }

  private void touchAll(int runs) {
    for (int i = 0; i < runs; i++) {
      touch("run" + i);
    }
  }

  private void touch(String run) {
    fleet.apply("default", Records.step(run, 0, step++, 1, 1));
  }

  private void alarm(long id, String run) {
    fleet.apply(Records.alarm(Records.id(id), "default", run, 0, Severity.CRITICAL, 10));
  }

  @SuppressWarnings("unchecked")
  private static Optional<Map<String, Object>> data(List<Follower.Message> all, String event) {
    return all.stream()
        .filter(message -> message.event().equals(event))
        .map(message -> (Map<String, Object>) message.data())
        .findFirst();
  }

  @SuppressWarnings("unchecked")
  private static List<RunRow> rows(List<Follower.Message> all) {
    return data(all, "fleet")
        .map(data -> new ArrayList<>((List<RunRow>) data.get("rows")))
        .orElseGet(ArrayList::new);
  }

  @SuppressWarnings("unchecked")
  private static List<AlarmView> alarms(List<Follower.Message> all) {
    return data(all, "alarms").map(data -> (List<AlarmView>) data.get("alarms")).orElse(List.of());
  }
}

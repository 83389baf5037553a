package io.gradwatch.core.fleet;

import static io.gradwatch.core.fleet.Fleet.WINDOW;
import static io.gradwatch.core.fleet.Fleet.runsOf;
import static io.gradwatch.core.fleet.Fleet.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetWatchTest {
  private static final Map<String, String> SICK = tags("host", "sick", "cluster", "c");
  private static final Map<String, String> WELL = tags("host", "well", "cluster", "c");

  private final Fleet fleet = new Fleet();

  @Test
  void allRunsOfAHostMakeAnIncidentThatNamesThem() {
    fleet.runs(SICK, "a", "vision/b").runs(WELL, "c", "d", "e", "f").page("a", 1_000);
    assertThat(fleet.told).isEmpty();

    fleet.page("vision/b", 61_000);

    Incident incident = fleet.last();
    assertThat(fleet.told).hasSize(1);
    assertThat(incident.state()).isEqualTo(AlarmState.OPEN);
    assertThat(incident.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(incident.group()).isEqualTo(new Group("host", "sick"));
    assertThat(incident.id()).matches("[0-9a-f]{32}");
    assertThat(runsOf(incident)).containsExactly("a", "b");
    assertThat(incident.runsWatched()).isEqualTo(2);
    assertThat(incident.openedAt()).isEqualTo(1_000);
    assertThat(incident.updatedAt()).isEqualTo(61_000);
    assertThat(incident.summary())
        .isEqualTo(
            "2 of 2 runs of host sick page, the first at 1970-01-01 00:00:01 UTC: 2 DIVERGENCE;"
                + " of 2 projects. Check the host before the runs.");
  }

  @Test
  void oneRunAloneOnItsHostMakesNone() {
    fleet.runs(SICK, "a").runs(WELL, "b", "c").page("a", 0);
    assertThat(fleet.told).isEmpty();
  }

  @Test
  void twoRunsOfManyMakeNoneAndTheThirdDoes() {
    fleet.runs(SICK, names("r", 10)).page("r0", 0).page("r1", 0);
    assertThat(fleet.told).isEmpty();
    fleet.page("r2", 0);
    assertThat(runsOf(fleet.last())).containsExactly("r0", "r1", "r2");
  }

  @Test
  void threeOfElevenAreBelowTheShare() {
    fleet.runs(SICK, names("r", 11)).page("r0", 0).page("r1", 0).page("r2", 0);
    assertThat(fleet.told).isEmpty();
  }

  @Test
  void theWindowIsThatOfTheTrainersClocks() {
    fleet.runs(SICK, names("r", 10)).page("r0", 0).page("r1", WINDOW / 2).page("r2", WINDOW + 1);
    assertThat(fleet.told).isEmpty();
    fleet.page("r3", WINDOW);
    assertThat(runsOf(fleet.last())).containsExactly("r0", "r1", "r3", "r2");
  }

  @Test
  void runsThatEndedRightAfterTheirPageCountAndThoseThatEndedWellDoNot() {
    fleet.runs(SICK, "a", "b", "c").leave("c").page("a", 0).leave("a").page("b", 0);
    assertThat(runsOf(fleet.last())).containsExactly("a", "b");
  }

  @Test
  void runsThatWereKilledAreNotAmongTheRunsThatCouldPage() {
    fleet.runs(SICK, names("r", 7)).silence("r0", "r1", "r2", "r3", "r4");
    fleet.page("r5", 0).page("r6", 0);
    assertThat(fleet.last().summary()).startsWith("2 of 2 runs of host sick page");
  }

  @Test
  void anIncidentEndsWhenItsRunsAreKilledAndGoesOnWhenOneOfThemIsHeardAgain() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("b", 0).silence("a", "b").pass(WINDOW - 1);
    fleet.back("b").pass(2 * WINDOW);
    assertThat(fleet.told).hasSize(1);
    fleet.silence("b").pass(WINDOW);
    assertThat(fleet.last().state()).isEqualTo(AlarmState.RESOLVED);
    fleet.back("a", "b").pass(2 * WINDOW);
    assertThat(fleet.told).as("pages of an incident that is over").hasSize(2);
  }

  @Test
  void aRunThatIsHeardAgainStillPages() {
    fleet.runs(SICK, "a", "b").page("a", 0).silence("a").pass(WINDOW).back("a").page("b", 0);
    fleet.recover("b", 0).pass(2 * WINDOW);
    assertThat(fleet.told).hasSize(1);
    fleet.recover("a", 0).pass(WINDOW);
    assertThat(fleet.last().state()).isEqualTo(AlarmState.RESOLVED);
  }

  @Test
  void anIncidentIsOpenWhileARunPagesThatMovedToAnotherHost() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("b", 0).recover("b", 0);
    fleet.runs(WELL, "a").pass(2 * WINDOW);
    assertThat(fleet.told).hasSize(1);
    fleet.leave("a").runs(SICK, "a").page("a", 0).pass(2 * WINDOW);
    assertThat(fleet.told).as("the same page told again").hasSize(1);
    fleet.recover("a", 0).pass(WINDOW);
    assertThat(fleet.last().state()).isEqualTo(AlarmState.RESOLVED);
  }

  @Test
  void ofAClusterManyRunsDoAndTheHostOfOneOfThemIsNotBlamed() {
    for (int i = 0; i < 10; i++) {
      fleet.runs(tags("host", "h" + i, "cluster", "c"), names("h" + i + "-", 5));
    }
    for (int i = 0; i < 10; i++) {
      fleet.page("h" + i + "-0", i).page("h" + i + "-1", i);
    }
    assertThat(fleet.told).extracting(Incident::group).containsOnly(new Group("cluster", "c"));
    assertThat(fleet.last().members()).hasSizeBetween(15, 20);
    fleet.pass(FleetWatch.UPDATE_INTERVAL_MILLIS);
    assertThat(fleet.last().members()).hasSize(20);
    assertThat(fleet.last().summary())
        .startsWith("20 of 50 runs of cluster c page")
        .endsWith("Check what they share before the runs: network, storage, data, a release.");
  }

  @Test
  void aClusterIsNotBlamedForOneHost() {
    fleet.runs(SICK, names("s", 6)).runs(WELL, names("w", 6));
    for (String run : names("s", 6)) {
      fleet.page(run, 0);
    }
    fleet.page("w0", 0);
    assertThat(fleet.told).extracting(Incident::group).containsOnly(new Group("host", "sick"));
  }

  @Test
  void aDataShardIsBlamedWhereItsRunsAreOnOneOfManyHostsThatIsWell() {
    Map<String, String> shard = tags("host", "h", "data_shard", "s", "cluster", "c");
    fleet.runs(shard, "a", "b", "c").runs(tags("host", "h", "cluster", "c"), names("w", 20));
    fleet.page("a", 0).page("b", 0).page("c", 0);
    assertThat(fleet.told).hasSize(1);
    assertThat(fleet.last().group()).isEqualTo(new Group("data_shard", "s"));
    assertThat(fleet.last().summary()).endsWith("Check the data shard before the runs.");
  }

  @Test
  void threeHostsAreAnIncidentOfTheirClusterThatEndsThoseOfTheHosts() {
    for (int i = 0; i < 100; i++) {
      fleet.runs(tags("host", "h" + i, "cluster", "c"), "a" + i, "b" + i);
    }
    for (int i = 0; i < 10; i++) {
      fleet.page("a" + i, i).page("b" + i, i);
    }
    fleet.pass(FleetWatch.UPDATE_INTERVAL_MILLIS);

    List<Incident> opened = fleet.told.stream().filter(FleetWatchTest::isOpening).toList();
    assertThat(opened)
        .extracting(Incident::group)
        .containsExactly(
            new Group("host", "h0"), new Group("host", "h1"), new Group("cluster", "c"));
    assertThat(fleet.told.stream().filter(FleetWatchTest::isOver))
        .extracting(Incident::summary)
        .containsExactly(
            "The 2 runs of host h0 that page are part of the incident of cluster c now.",
            "The 2 runs of host h1 that page are part of the incident of cluster c now.");
    assertThat(fleet.last().members()).hasSize(20);
  }

  @Test
  void ofRunsWithoutTagsManyAreAnIncidentOfTheFleetButAllOfTwoAreNone() {
    fleet.runs(Map.of(), "a", "b").page("a", 0).page("b", 0);
    assertThat(fleet.told).isEmpty();
    fleet.runs(Map.of(), "c").page("c", 0);
    assertThat(fleet.last().group()).isEqualTo(Group.FLEET);
    assertThat(fleet.last().summary()).startsWith("3 of 3 runs of the fleet page");
  }

  @Test
  void aRunThatWasNeverAnnouncedCountsOnceItPages() {
    fleet.page("a", 0).page("b", 0).page("c", 0);
    assertThat(runsOf(fleet.last())).containsExactly("a", "b", "c");
  }

  @Test
  void theSamePageAgainChangesNothing() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("a", 0);
    assertThat(fleet.told).isEmpty();
    fleet.page("b", 0).page("a", 0).page("b", 0).pass(WINDOW);
    assertThat(fleet.told).hasSize(1);
  }

  @Test
  void endsAWindowAfterTheLastPageOfItsMembersResolved() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("b", 0).recover("a", 0).pass(2 * WINDOW);
    assertThat(fleet.told).hasSize(1);
    fleet.recover("b", 0).pass(WINDOW - 1);
    assertThat(fleet.told).hasSize(1);
    fleet.pass(1);
    assertThat(fleet.last().state()).isEqualTo(AlarmState.RESOLVED);
    assertThat(fleet.last().revision()).isEqualTo(1);
    assertThat(fleet.last().summary())
        .isEqualTo("None of the 2 runs of host sick that paged does any more.");
  }

  @Test
  void pagesThatFlapKeepItOpenAndTellNothing() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("b", 0);
    for (int time = 0; time < 100_000; time += 1_000) {
      fleet.recover("a", time).recover("b", time).pass(WINDOW / 2);
      fleet.page("a", time + 1_000).page("b", time + 1_000);
    }
    assertThat(fleet.told).hasSize(1);
  }

  @Test
  void pagesOfAnIncidentThatIsOverMakeNoOtherButNewOnesDo() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("b", 0).recover("a", 0).recover("b", 0);
    fleet.pass(WINDOW).runs(SICK, "c").page("c", 1);
    assertThat(fleet.told).hasSize(2);
    fleet.page("a", 2).page("b", 2);
    assertThat(fleet.last().state()).isEqualTo(AlarmState.OPEN);
    assertThat(fleet.last().id()).isNotEqualTo(fleet.told.get(0).id());
    assertThat(runsOf(fleet.last())).containsExactly("c", "a", "b");
  }

  @Test
  void whatComesLaterToAGroupWithAnIncidentIsPartOfItWhereItWouldMakeOne() {
    fleet.runs(SICK, names("r", 8)).page("r0", 0).page("r1", 0).page("r2", 0);
    long later = 10 * WINDOW;
    fleet.page("r3", later).pass(WINDOW);
    assertThat(fleet.told).hasSize(1);
    fleet.page("r4", later).page("r5", later).pass(WINDOW);
    assertThat(fleet.last().id()).isEqualTo(fleet.told.get(0).id());
    assertThat(runsOf(fleet.last())).hasSize(6);
  }

  @Test
  void tellsOfNewMembersWhenTheyDoubledOrAfterAMinute() {
    fleet.runs(SICK, names("r", 100));
    for (String run : names("r", 100)) {
      fleet.page(run, 0);
    }
    assertThat(fleet.told)
        .extracting(incident -> incident.members().size())
        .containsExactly(30, 60);
    fleet.pass(FleetWatch.UPDATE_INTERVAL_MILLIS - 1);
    assertThat(fleet.told).hasSize(2);
    fleet.pass(1);
    assertThat(fleet.last().members()).hasSize(100);
    assertThat(fleet.told).extracting(Incident::revision).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inWhicheverOrderPagesComeOneIncidentHasTheSameMembersInTheEnd(long seed) {
    fleet.runs(SICK, names("r", 12)).runs(WELL, names("w", 12));
    List<Runnable> pages = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int run = i;
      pages.add(() -> fleet.page("r" + run, run * WINDOW / 3));
    }
    pages.add(() -> fleet.page("r9", 20 * WINDOW));
    pages.add(() -> fleet.page("w3", WINDOW));
    Collections.shuffle(pages, new Random(seed));

    pages.forEach(Runnable::run);
    fleet.pass(FleetWatch.UPDATE_INTERVAL_MILLIS);

    assertThat(fleet.told.stream().map(Incident::id).distinct()).as("seed %s", seed).hasSize(1);
    assertThat(fleet.last().group()).isEqualTo(new Group("host", "sick"));
    assertThat(runsOf(fleet.last()))
        .containsExactly("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aClusterThatIsLostIsOneOpenIncidentInTheEndWhicheverHostIsFirst(long seed) {
    List<Runnable> pages = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String run = "r" + i;
      fleet.runs(tags("host", "h" + i / 6, "data_shard", "s" + i % 7, "cluster", "c"), run);
      pages.add(() -> fleet.page(run, 1_000));
    }
    Collections.shuffle(pages, new Random(seed));

    pages.forEach(Runnable::run);
    fleet.pass(FleetWatch.UPDATE_INTERVAL_MILLIS);

    assertThat(openIncidents()).as("seed %s", seed).containsExactly(fleet.last().id());
    assertThat(fleet.last().members()).hasSize(60);
    assertThat(fleet.told.stream().filter(FleetWatchTest::isOpening).count()).isLessThan(6);
  }

  @Test
  void goesOnFromAStateThatWasWrittenAsIfNothingHadHappened() {
    Fleet other = new Fleet();
    for (Fleet each : List.of(fleet, other)) {
      each.runs(SICK, names("r", 4)).page("r0", 5).page("r1", 6).page("r2", 7);
    }
    other.restart();
    for (Fleet each : List.of(fleet, other)) {
      each.page("r3", 8).pass(FleetWatch.UPDATE_INTERVAL_MILLIS);
      for (int i = 0; i < 4; i++) {
        each.recover("r" + i, 5 + i);
      }
      each.leave("r0").pass(WINDOW);
    }
    assertThat(other.told).isEqualTo(fleet.told).hasSize(3);
  }

  @Test
  void runsThatLeftAreForgottenAfterAWindow() {
    fleet.runs(SICK, "a", "b").page("a", 0).leave("a").leave("b").pass(WINDOW - 1);
    assertThat(fleet.state().isEmpty()).isFalse();
    fleet.pass(1);
    assertThat(fleet.state().isEmpty()).isTrue();
  }

  @Test
  void membersAndRunsAreBoundedAndWhatIsDroppedIsCounted() {
    int runs = FleetWatch.MAX_RUNS;
    fleet.runs(SICK, "first").runs(SICK, names("r", runs));
    assertThat(fleet.watch.dropped()).isEqualTo(1);
    for (String run : names("r", runs)) {
      fleet.page(run, 0);
    }
    fleet.pass(FleetWatch.UPDATE_INTERVAL_MILLIS);
    assertThat(fleet.last().members()).hasSize(Incident.MAX_MEMBERS);
    assertThat(fleet.last().summary()).startsWith("10,000 of 10,001 runs of host sick page");
    assertThat(fleet.told).hasSizeLessThan(5);
  }

  @Test
  void anIncidentOfMoreRunsThanItNamesIsOpenUntilTheLastOfThemRecovers() {
    int size = 2 * Incident.MAX_MEMBERS;
    String[] runs = names("r", size);
    fleet.runs(SICK, runs);
    for (String run : runs) {
      fleet.page(run, 0);
    }
    for (String run : runsOf(fleet.last())) {
      fleet.recover(run, 0);
    }
    fleet.pass(2 * WINDOW);
    assertThat(fleet.told).noneMatch(FleetWatchTest::isOver);
    fleet.runs(SICK, "late").page("late", 1);
    assertThat(fleet.told.stream().map(Incident::id).distinct()).hasSize(1);

    for (String run : runs) {
      fleet.recover(run, 0);
    }
    fleet.recover("late", 1).pass(WINDOW);
    assertThat(fleet.last().summary())
        .isEqualTo("None of the 2,001 runs of host sick that paged does any more.");
  }

  @Test
  void anIncidentEndsInAWiderOneThatHasNoRoomToNameItsRuns() {
    for (int i = 0; i < 600; i++) {
      fleet.runs(tags("host", "h" + i / 5, "cluster", "c"), "r" + i);
    }
    fleet.runs(tags("host", "big", "cluster", "c"), names("b", 1_500));
    for (int i = 0; i < 600; i++) {
      fleet.page("r" + i, 0);
    }
    for (String run : names("b", 1_500)) {
      fleet.page(run, 4 * WINDOW);
    }
    assertThat(openIncidents()).hasSize(2);
    fleet.runs(WELL, "bridge", "brid", "bri").page("bri", WINDOW);
    fleet.page("brid", 2 * WINDOW).page("bridge", 3 * WINDOW);

    assertThat(openIncidents()).hasSize(1);
    assertThat(fleet.told.stream().filter(FleetWatchTest::isOver).map(Incident::summary))
        .contains(
            "The 1,500 runs of host big that page are part of the incident of cluster c now.");
  }

  private Set<String> openIncidents() {
    Set<String> open = new TreeSet<>();
    for (Incident incident : fleet.told) {
      if (isOver(incident)) {
        open.remove(incident.id());
      } else {
        open.add(incident.id());
      }
    }
    return open;
  }

  @Test
  void whatIsLeftOfAHostWhoseRunsMadeRoomIsNotAllOfIt() {
    fleet.runs(SICK, names("s", 8)).runs(WELL, names("w", FleetWatch.MAX_RUNS - 2)).restart();
    fleet.page("s6", 0).page("s7", 0);
    assertThat(fleet.told).isEmpty();
    fleet.page("s0", 0);
    assertThat(fleet.last().summary()).startsWith("3 of 8 runs of host sick page");
  }

  @Test
  void runsThatWereDroppedAndLeftCountNoMore() {
    fleet.runs(SICK, "a", "b", "c").runs(WELL, names("w", FleetWatch.MAX_RUNS - 2));
    fleet.leave("a").page("b", 0).page("c", 0);
    assertThat(fleet.last().summary()).startsWith("2 of 2 runs of host sick page");
  }

  @Test
  void aRunThatIsSilentMakesRoomBeforeOneThatIsNot() {
    fleet.runs(SICK, "a", "b").runs(WELL, names("w", FleetWatch.MAX_RUNS - 2)).silence("w7");
    fleet.runs(WELL, "more").page("a", 0).page("b", 0);
    assertThat(fleet.watch.dropped()).isEqualTo(1);
    assertThat(fleet.last().summary()).startsWith("2 of 2 runs of host sick page");
  }

  @Test
  void readsAStateOfTheFirstVersion() {
    fleet.runs(SICK, "a", "b").page("a", 0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    fleet.state().write(new DataOutputStream(bytes));
    int withoutDropped = bytes.size() - Integer.BYTES;
    byte[] first = Arrays.copyOf(bytes.toByteArray(), withoutDropped);
    ByteBuffer.wrap(first).putInt(1);

    FleetState read = FleetState.read(new DataInputStream(new ByteArrayInputStream(first)));

    ByteArrayOutputStream again = new ByteArrayOutputStream();
    read.write(new DataOutputStream(again));
    assertThat(again.toByteArray()).isEqualTo(bytes.toByteArray());
  }

  @Test
  void anIncidentWhoseRunsMadeRoomEndsToo() {
    fleet.runs(SICK, "a", "b").page("a", 0).page("b", 0);
    fleet.runs(WELL, names("w", FleetWatch.MAX_RUNS)).pass(WINDOW);
    assertThat(fleet.last().state()).isEqualTo(AlarmState.RESOLVED);
    assertThat(fleet.watch.dropped()).isEqualTo(2);
  }

  @Test
  void clocksThatTellNonsenseAreNearNothingButEachOther() {
    fleet.runs(SICK, names("r", 6)).page("r0", Long.MAX_VALUE).page("r1", Long.MIN_VALUE);
    fleet.page("r2", 0).page("r3", Long.MAX_VALUE);
    assertThat(fleet.told).isEmpty();
    fleet.page("r4", Long.MAX_VALUE);
    assertThat(runsOf(fleet.last())).containsExactly("r0", "r3", "r4");
  }

  private static boolean isOpening(Incident incident) {
    return incident.state() == AlarmState.OPEN;
  }

  private static boolean isOver(Incident incident) {
    return incident.state() == AlarmState.RESOLVED;
  }

  private static String[] names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
  }
}

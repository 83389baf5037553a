package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that speak for themselves are compared with each other, and missed when they stop. */
class RanksTest {
  private final RunMonitor monitor = new RunMonitor(Policy.defaults());
  private final Random random = new Random(31);
  private final List<Alarm> alarms = new ArrayList<>();
  private RunState state = new RunState();
  private int attempt;

  private void send(int rank, long step, double loss, double norm) {
    Observation observation = new Observation().set(Scalar.LOSS, loss).set(Scalar.GRAD_NORM, norm);
    RunEvent event = new RunEvent("default", "run", attempt, step, step, rank, observation);
    alarms.addAll(monitor.accept(state, event).alarms());
  }

  private double loss() {
    return 2 * StrictMath.exp(0.1 * random.nextGaussian());
  }

  private double norm() {
    return StrictMath.exp(0.1 * random.nextGaussian());
  }

  private void healthy(int ranks, long from, long to) {
    for (long step = from; step < to; step++) {
      for (int rank = 0; rank < ranks; rank++) {
        send(rank, step, loss(), norm());
      }
    }
  }

  private List<Alarm> of(AlarmKind kind) {
    return alarms.stream().filter(alarm -> alarm.kind() == kind).toList();
  }

  @ParameterizedTest(name = "{0} ranks, events of {1} steps at a time")
  @CsvSource({"3,1", "8,1", "8,4", "8,30", "64,1", "5,200"})
  void healthyRanksAreSilentHoweverTheyTakeTurns(int ranks, int batch) {
    for (long step = 0; step < 1_000; step += batch) {
      for (int rank = 0; rank < ranks; rank++) {
        for (long at = step; at < step + batch; at++) {
          send(rank, at, loss(), norm());
        }
      }
    }
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "norms near {0}")
  @ValueSource(doubles = {1e-3, 1e3})
  void aRankThatJoinsLateIsNotAskedForStepsBefore(double level) {
    for (long step = 0; step < 200; step++) {
      for (int rank = 0; rank < 8; rank++) {
        long own = rank == 3 ? step - 6 : step;
        if (own >= 0 && (rank < 7 || step >= 40)) {
          send(rank, own, loss(), level * norm());
        }
      }
    }
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "heard {0} times")
  @ValueSource(ints = {1, 2, 3, 50})
  void aRankThatStopsBlindsNobodyToTheOthers(int times) {
    for (long step = 0; step < 800; step++) {
      for (int rank = 0; rank < 8; rank++) {
        if (rank != 5 || step < times) {
          send(rank, step, loss() * (rank == 2 && step >= 500 ? 50 : 1), norm());
        }
      }
    }
    assertThat(of(AlarmKind.MISSING_RANK)).isNotEmpty();
    assertThat(Trainings.evidence(of(AlarmKind.MISSING_RANK).get(0), "missing_rank")).isEqualTo(5);
    assertThat(of(AlarmKind.RANK_OUTLIER)).isNotEmpty();
    assertThat(of(AlarmKind.RANK_OUTLIER).get(0).summary()).startsWith("Rank 2 of 8");
  }

  @Test
  void aRankThatLogsRarelyIsNotMissingWhileItsFirstStepsCome() {
    for (long step = 0; step < 10_000; step += 1_000) {
      for (int rank = 0; rank < 8; rank++) {
        send(rank, step, loss(), norm());
      }
    }
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aRankThatEndsIsNotMissing() {
    healthy(8, 0, 300);
    RunEvent.Ended end = new RunEvent.Ended(RunEvent.Outcome.COMPLETED);
    alarms.addAll(
        monitor.accept(state, new RunEvent("default", "run", 0, 299, 299, 3, end)).alarms());
    for (long step = 300; step < 800; step++) {
      for (int rank = 0; rank < 8; rank++) {
        if (rank != 3) {
          send(rank, step, loss() * (rank == 2 && step >= 600 ? 50 : 1), norm());
        }
      }
    }
    assertThat(of(AlarmKind.MISSING_RANK)).isEmpty();
    assertThat(of(AlarmKind.RANK_OUTLIER)).as("the others are compared on").isNotEmpty();
  }

  @Test
  void ranksThatHoldOtherLayersOrHarderDataAreNotApart() {
    for (long step = 0; step < 500; step++) {
      for (int rank = 0; rank < 8; rank++) {
        send(rank, step, loss() * (rank == 3 ? 3 : 1), norm() * (rank == 5 ? 50 : 1));
      }
    }
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "{0} ranks, events of {1} steps at a time")
  @CsvSource({"3,1", "8,1", "8,4", "64,1"})
  void theRankThatLeavesTheOthersIsNamed(int ranks, int batch) {
    for (long step = 0; step < 300; step += batch) {
      for (int rank = 0; rank < ranks; rank++) {
        for (long at = step; at < step + batch; at++) {
          send(rank, at, loss() * (rank == 2 && at >= 200 ? 8 : 1), norm());
        }
      }
    }
    assertThat(of(AlarmKind.RANK_OUTLIER)).isNotEmpty();
    Alarm alarm = of(AlarmKind.RANK_OUTLIER).get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.summary()).startsWith("Rank 2 of " + ranks);
    assertThat(alarm.onsetStep()).isBetween(200L, 204L);
    assertThat(alarm.step()).isLessThan(200 + 8L * batch);
    assertThat(Trainings.evidence(alarm, "rank")).isEqualTo(2);
  }

  @Test
  void aPageNamesTheRankThatWasFirst() {
    healthy(8, 0, 200);
    for (long step = 200; step < 260; step++) {
      for (int rank = 0; rank < 8; rank++) {
        boolean early = rank == 5 && step >= 202;
        send(rank, step, step >= 206 || early ? Double.NaN : loss(), norm());
      }
    }
    assertThat(alarms).anyMatch(alarm -> alarm.severity() == Severity.CRITICAL);
    Alarm page =
        alarms.stream().filter(a -> a.severity() == Severity.CRITICAL).findFirst().orElseThrow();
    assertThat(page.kind()).isEqualTo(AlarmKind.NON_FINITE);
    assertThat(page.summary()).contains("Rank 5 was the first to leave the others, at step 202");
    assertThat(Trainings.evidence(page, "first_rank")).isEqualTo(5);
  }

  @Test
  void nanOfOneRankIsToldAtOnce() {
    healthy(8, 0, 100);
    for (int rank = 0; rank < 8; rank++) {
      send(rank, 100, rank == 6 ? Double.NaN : loss(), norm());
    }
    healthy(1, 101, 102);
    assertThat(of(AlarmKind.RANK_OUTLIER)).extracting(Alarm::step).containsExactly(101L);
  }

  @Test
  void aSingleOddBatchOfARankIsNone() {
    healthy(8, 0, 100);
    for (int rank = 0; rank < 8; rank++) {
      send(rank, 100, rank == 6 ? 50 : loss(), norm());
    }
    healthy(8, 101, 300);
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aRankThatStopsWhileOthersGoOnIsNamed(int missing) {
    healthy(8, 0, 200);
    for (long step = 200; step < 400; step++) {
      for (int rank = 0; rank < 8; rank++) {
        if (rank != missing) {
          send(rank, step, loss(), norm());
        }
      }
    }
    assertThat(of(AlarmKind.MISSING_RANK)).hasSize(1);
    Alarm alarm = of(AlarmKind.MISSING_RANK).get(0);
    assertThat(alarm.step()).isBetween(300L, 301L);
    assertThat(alarm.onsetStep()).isEqualTo(199);
    assertThat(alarm.summary())
        .isEqualTo(
            "Of 8 ranks 1 stopped reporting while the others go on, the first after step 199: "
                + missing
                + ".");
    healthy(8, 400, 450);
    assertThat(of(AlarmKind.MISSING_RANK))
        .last()
        .extracting(Alarm::state)
        .isEqualTo(AlarmState.RESOLVED);
  }

  @Test
  void thatRankZeroOfAPagedRunIsMissingIsToldByItselfWhateverOtherRunsTheMonitorReads() {
    List<Alarm> alone = explodesAndLosesRankZero(false);
    List<Alarm> besideAnother = explodesAndLosesRankZero(true);
    assertThat(besideAnother).isEqualTo(alone);
    assertThat(alone)
        .extracting(Alarm::kind)
        .contains(AlarmKind.EXPLODING_GRADIENT, AlarmKind.MISSING_RANK);
    assertThat(alone)
        .filteredOn(alarm -> alarm.kind() == AlarmKind.EXPLODING_GRADIENT)
        .allSatisfy(alarm -> assertThat(alarm.joinedKinds()).isEmpty());
  }

  /** Alarms of a run of eight ranks, on a monitor that reads another run's steps in between. */
  private static List<Alarm> explodesAndLosesRankZero(boolean besideAnother) {
    RunMonitor shared = new RunMonitor(Policy.defaults());
    RunState ours = new RunState();
    RunState others = new RunState();
    Random noise = new Random(7);
    List<Alarm> told = new ArrayList<>();
    for (long step = 0; step < 500; step++) {
      double growth = Math.exp(Math.max(0, Math.min(step, 290) - 220) * 0.1);
      for (int rank = step < 300 ? 0 : 1; rank < 8; rank++) {
        Observation observation =
            new Observation()
                .set(Scalar.LOSS, 2 + 0.02 * noise.nextGaussian())
                .set(Scalar.GRAD_NORM, growth * Math.exp(0.05 * noise.nextGaussian()));
        told.addAll(
            shared
                .accept(ours, new RunEvent("default", "ours", 0, step, step, rank, observation))
                .alarms());
        if (besideAnother) {
          Observation other = new Observation().set(Scalar.LOSS, 77).set(Scalar.GRAD_NORM, 5e5);
          shared.accept(
              others,
              new RunEvent("default", "other", 0, 8 * step + rank, 0, RunEvent.WHOLE_RUN, other));
        }
      }
    }
    return told;
  }

  @Test
  void ranksThatOnlyEverLoggedTheBeginningAreNotMissed() {
    healthy(8, 0, 100);
    healthy(1, 100, 1_000);
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void ranksThatLogSeldomAreNotMissed() {
    for (long step = 0; step < 2_000; step++) {
      for (int rank = 0; rank < 8; rank++) {
        if (rank == 0 || step % 50 == 0) {
          send(rank, step, loss(), norm());
        }
      }
    }
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aNewAttemptMayHaveFewerRanks() {
    healthy(8, 0, 200);
    attempt = 1;
    healthy(4, 200, 500);
    assertThat(alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void whereNoEventIsWithoutRankTheFirstSpeaksForTheRun() {
    healthy(4, 0, 150);
    assertThat(state.series.counters().steps()).isEqualTo(150);
    assertThat(state.series.lastStep()).isEqualTo(149);
  }

  @Test
  void whatIsKnownOfRanksSurvivesABinaryCopyAndEndsAtFourThousand() {
    healthy(8, 0, 60);
    byte[] saved = state.toBytes();
    state = RunState.fromBytes(saved);
    assertThat(state.toBytes()).isEqualTo(saved);
    send(4_095, 60, 2, 1);
    int size = state.toBytes().length;
    send(4_096, 60, 2, 1);
    send(Integer.MAX_VALUE, 60, 2, 1);
    assertThat(state.toBytes()).hasSize(size);
  }

  @Test
  void aRankCostsTheSameWhateverItsNumber() {
    send(1, 0, 2, 1);
    int low = state.toBytes().length;
    state = new RunState();
    send(4_095, 0, 2, 1);

    assertThat(state.toBytes()).hasSize(low);
  }

  @Test
  void eachRankCostsLessThan160Bytes() {
    healthy(1, 0, 1);
    int one = state.toBytes().length;
    healthy(4_096, 1, 2);

    assertThat(state.toBytes()).hasSizeLessThan(one + 4_095 * 160);
  }

  @Test
  void ranksAreNamedByTheirNumbersInWhicheverOrderTheyComeFirst() {
    for (long step = 0; step < 600; step++) {
      for (int rank : List.of(700, 12, 4_095, 0)) {
        if (rank != 12 || step < 400) {
          send(rank, step, loss() * (rank == 700 && step >= 300 ? 50 : 1), norm());
        }
      }
    }
    assertThat(of(AlarmKind.RANK_OUTLIER).get(0).summary()).startsWith("Rank 700 of 4 ");
    assertThat(Trainings.evidence(of(AlarmKind.MISSING_RANK).get(0), "missing_rank")).isEqualTo(12);
  }

  @Test
  void aRankThatEndedLeavesNothingBehind() {
    healthy(3, 0, 60);
    int three = state.toBytes().length;
    send(3, 60, 2, 1);
    assertThat(state.toBytes()).hasSizeGreaterThan(three);
    monitor.accept(
        state,
        new RunEvent("default", "run", 0, 60, 60, 3, new RunEvent.Ended(RunEvent.Outcome.UNKNOWN)));

    assertThat(state.toBytes()).hasSize(three);
  }
}

package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two trainings under one run id are told; retries, replays and restarts of one are not. */
class RunIdConflictTest {
  private final Trainings training = new Trainings(211);

  private List<Alarm> conflicts() {
    return training.alarms.stream()
        .filter(alarm -> alarm.kind() == AlarmKind.RUN_ID_CONFLICT)
        .toList();
  }

  /** Steps from one to another, the last excluded, with values of their own. */
  private void steps(long from, long to) {
    for (long step = from; step < to; step++) {
      training.send(step, training.healthy());
    }
  }

  private void started(String host) {
    training.send(
        training.state.nextStep,
        new RunEvent.Started(
            "",
            "",
            List.of(),
            1,
            Double.NaN,
            RunEvent.ClipMode.UNKNOWN,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            false,
            Map.of("host", host)));
  }

  @ParameterizedTest(name = "batches of {0}, the second {1} steps behind")
  @CsvSource({"1,1", "1,5", "5,0", "20,0", "10,40", "1,100"})
  void twoWritersInTurnAreTold(int batch, int behind) {
    for (long step = 0; step < 600; step += batch) {
      steps(step, step + batch);
      steps(Math.max(0, step - behind), Math.max(0, step + batch - behind));
    }
    assertThat(conflicts()).isNotEmpty();
    assertThat(conflicts().get(0).severity()).isEqualTo(Severity.WARNING);
    assertThat(conflicts().get(0).summary()).contains("Two trainings");
  }

  @Test
  void ranksThatSayNotWhichTheyAreAreTold() {
    long[] next = new long[8];
    Random turns = new Random(5);
    for (int i = 0; i < 400; i++) {
      int rank = turns.nextInt(next.length);
      long slowest = Arrays.stream(next).min().orElseThrow();
      if (next[rank] <= slowest + 1) {
        steps(next[rank], ++next[rank]);
      }
    }
    assertThat(conflicts()).isNotEmpty();
    assertThat(conflicts().get(0).actions().get(0).text()).contains("rank");
  }

  @Test
  void aWriterThatIsAheadIsToldToo() {
    steps(0, 100);
    for (int i = 0; i < 100; i++) {
      steps(5_000 + i, 5_001 + i);
      steps(100 + i, 101 + i);
    }
    assertThat(conflicts()).isNotEmpty();
  }

  @Test
  void theAlarmEndsSomeHundredStepsAfterTheOtherWriter() {
    for (long step = 0; step < 100; step++) {
      steps(step, step + 1);
      steps(Math.max(0, step - 1), Math.max(1, step));
    }
    steps(100, 500);
    assertThat(conflicts()).last().extracting(Alarm::state).isEqualTo(AlarmState.RESOLVED);
  }

  @ParameterizedTest(name = "all sent again after every {0}")
  @ValueSource(ints = {1, 7, 100})
  void equalRepeatsAreRetries(int batch) {
    List<Observation> sent = new ArrayList<>();
    for (int step = 0; step < 600; step++) {
      Observation observation = training.healthy();
      sent.add(observation);
      training.send(step, observation);
      for (int again = step - batch + 1; step % batch == batch - 1 && again <= step; again++) {
        training.send(again, sent.get(again));
      }
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aReplayOfAllThatWasSentIsNone() {
    List<Observation> sent = new ArrayList<>();
    for (int step = 0; step < 600; step++) {
      sent.add(training.healthy());
      training.send(step, sent.get(step));
      if (step >= 300) {
        training.send(step - 300, sent.get(step - 300));
      }
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void microStepsOfOneStepAreNone() {
    for (long step = 0; step < 600; step++) {
      for (int micro = 0; micro < 4; micro++) {
        steps(step, step + 1);
      }
    }
    assertThat(conflicts()).isEmpty();
  }

  @Test
  void microStepsDoNotMakeAReplayAConflict() {
    List<Observation> sent = new ArrayList<>();
    for (int step = 0; step < 600; step++) {
      sent.add(training.healthy());
      training.send(step, sent.get(step));
      steps(step, step + 1);
      if (step >= 300) {
        training.send(step - 300, sent.get(step - 300));
      }
    }
    assertThat(conflicts()).isEmpty();
  }

  @Test
  void aTrainingThatCrashesAgainAndAgainWithoutANewAttemptIsNone() {
    long end = 0;
    for (int crash = 0; crash < 10; crash++) {
      steps(Math.max(0, end - 60), end + 100);
      end += 100;
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aRunThatIsStartedOnceMoreFromTheBeginningIsNone() {
    steps(0, 300);
    steps(0, 600);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void anAttemptThatGoesBackRepeatsNothing() {
    for (int attempt = 0; attempt < 10; attempt++) {
      training.attempt = attempt;
      steps(0, 40);
    }
    assertThat(conflicts()).isEmpty();
  }

  @Test
  void startsThatAreAnnouncedInTurnAreTold() {
    for (int i = 0; i < 4; i++) {
      started("a");
      steps(i * 1_000L, i * 1_000L + 500);
      started("b");
      steps(i * 1_000L + 500, i * 1_000L + 1_000);
    }
    assertThat(conflicts()).extracting(Alarm::state).contains(AlarmState.OPEN);
    assertThat(conflicts().get(0).summary()).contains("announced in turn");
  }

  @Test
  void aRunThatMovesToAnotherHostIsNone() {
    for (String host : List.of("a", "a", "b", "b", "a", "a", "c", "c")) {
      started(host);
      steps(training.state.nextStep, training.state.nextStep + 100);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }
}

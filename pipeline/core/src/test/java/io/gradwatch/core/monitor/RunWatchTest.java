package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunWatchTest {
  private static final Settings OFF = Settings.NONE.with(AlarmKind.NON_FINITE, false);

  @Test
  void aDetectorThatIsOffForTheProjectRaisesNothingThere() {
    PolicyBook book = PolicyBook.of(List.of(project("vision", 0, OFF)));

    assertThat(alarms(new RunWatch(book, "vision", "r"), 0, 5)).isEmpty();
    assertThat(alarms(new RunWatch(book, "speech", "r"), 0, 5)).isNotEmpty();
  }

  @Test
  void severitiesAreHeldToWhatThePolicyAllows() {
    PolicyBook book = PolicyBook.of(Settings.NONE.with(AlarmKind.NON_FINITE, Severity.WARNING));

    assertThat(alarms(new RunWatch(book, "vision", "r"), 0, 5))
        .isNotEmpty()
        .allMatch(alarm -> alarm.severity() == Severity.WARNING);
  }

  @Test
  void aPolicyThatComesLaterTakesEffectThenAndWhatIsKnownOfTheRunStays() {
    PolicyBook book =
        PolicyBook.of(
            List.of(
                PolicyDocument.ofFleet(OFF),
                project("vision", 3, Settings.NONE.with(AlarmKind.NON_FINITE, true))));
    RunWatch watch = new RunWatch(book, "vision", "r");

    assertThat(alarms(watch, 0, 3)).isEmpty();
    assertThat(alarms(watch, 3, 5)).extracting(Alarm::step).startsWith(3L);
    assertThat(watch.accept(event(4)).alarms()).as("a repeated step").isEmpty();
  }

  @Test
  void aDetectorThatIsSwitchedOnAgainBeginsAnew() {
    PolicyBook book =
        PolicyBook.of(
            List.of(
                project("vision", 1, OFF),
                project("vision", 4, Settings.NONE.with(AlarmKind.NON_FINITE, true))));
    RunWatch watch = new RunWatch(book, "vision", "r");

    assertThat(alarms(watch, 0, 1)).extracting(Alarm::severity).containsExactly(Severity.WARNING);
    assertThat(alarms(watch, 1, 4)).isEmpty();
    assertThat(alarms(watch, 4, 5)).as("one value in a row again, not the second").isEmpty();
    assertThat(alarms(watch, 5, 6)).extracting(Alarm::severity).containsExactly(Severity.CRITICAL);
  }

  private static List<Alarm> alarms(RunWatch watch, int from, int to) {
    List<Alarm> alarms = new ArrayList<>();
    for (int step = from; step < to; step++) {
      alarms.addAll(watch.accept(event(step)).alarms());
    }
    return alarms;
  }

  private static RunEvent event(int step) {
    Observation lost = new Observation().set(Scalar.LOSS, Double.NaN);
    return new RunEvent("vision", "r", 0, step, step, RunEvent.WHOLE_RUN, lost);
  }

  private static PolicyDocument project(String name, long effectiveAt, Settings settings) {
    return new PolicyDocument(PolicyScope.PROJECT, name, effectiveAt, settings);
  }
}

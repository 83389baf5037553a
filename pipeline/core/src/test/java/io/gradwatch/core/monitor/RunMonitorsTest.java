package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.Policy;
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

class RunMonitorsTest {
  private static final Settings OFF = Settings.NONE.with(AlarmKind.NON_FINITE, false);
  private static final PolicyBook BOOK =
      PolicyBook.of(
          List.of(
              new PolicyDocument(PolicyScope.PROJECT, "vision", 10, OFF),
              new PolicyDocument(PolicyScope.RUN, "vision/loud", 0, Settings.NONE),
              new PolicyDocument(
                  PolicyScope.RUN,
                  "vision/loud",
                  20,
                  Settings.NONE.with(AlarmKind.NON_FINITE, true))));

  @Test
  void aRunIsJudgedAsByItsOwnWatch() {
    for (String run : List.of("loud", "quiet")) {
      RunWatch watch = new RunWatch(BOOK, "vision", run);
      RunMonitors monitors = new RunMonitors(BOOK);
      RunState state = new RunState();
      List<List<Alarm>> alone = new ArrayList<>();
      List<List<Alarm>> together = new ArrayList<>();
      for (int at = 0; at < 40; at++) {
        RunEvent event = event("vision", run, at);
        alone.add(List.copyOf(watch.accept(event).alarms()));
        together.add(List.copyOf(monitors.at(event, at).accept(state, event).alarms()));
      }
      assertThat(together).isEqualTo(alone).anyMatch(alarms -> !alarms.isEmpty());
    }
  }

  @Test
  void runsWithEqualSettingsShareAMonitorUntilSomethingElseHolds() {
    RunMonitors monitors = new RunMonitors(BOOK);

    RunMonitor before = monitors.at(event("vision", "a", 9), 9);
    RunMonitor since = monitors.at(event("vision", "a", 10), 10);

    assertThat(before.policy()).isEqualTo(Policy.defaults());
    assertThat(since.policy()).isEqualTo(Policy.of(OFF));
    assertThat(monitors.at(event("vision", "b", 9), 9)).isSameAs(before);
    assertThat(monitors.at(event("vision", "b", 30), 30)).isSameAs(since);
    assertThat(monitors.at(event("speech", "a", 30), 30)).isSameAs(before);
  }

  @Test
  void aRunThatBeginsAnewWithOlderEventsHasWhatHeldThen() {
    RunMonitors monitors = new RunMonitors(BOOK);

    assertThat(monitors.at(event("vision", "a", 10), 10).policy()).isEqualTo(Policy.of(OFF));
    assertThat(monitors.at(event("vision", "a", 9), 9).policy()).isEqualTo(Policy.defaults());
  }

  @Test
  void moreRunsThanAreRememberedAreLookedUpAgain() {
    RunMonitors monitors = new RunMonitors(BOOK);
    for (int run = 0; run <= 2 * RunMonitors.MAX_RUNS; run++) {
      RunEvent event = event("vision", "run-" + run, 10);
      assertThat(monitors.at(event, 10).policy().nonFinite().detector().enabled()).isFalse();
    }
    RunEvent first = event("vision", "run-0", 9);
    assertThat(monitors.at(first, 9).policy()).isEqualTo(Policy.defaults());
  }

  private static RunEvent event(String project, String run, int at) {
    Observation lost = new Observation().set(Scalar.LOSS, Double.NaN);
    return new RunEvent(project, run, 0, at, at, RunEvent.WHOLE_RUN, lost);
  }
}

package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.load.LoadPlan;
import io.gradwatch.backtest.Backtest;
import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a load is worth to those who look for alarms in it. */
class LoadAlarmsTest {
  private static final int RUNS = 24;
  private static final int STEPS = 1_500;

  @Test
  void runsWithFaultsAreToldAndNoOthers() throws IOException {
    RaisedAlarms healthy = alarms(0);
    RaisedAlarms faulty = alarms(1);

    assertThat(healthy.runs()).hasSize(RUNS);
    assertThat(healthy.runs()).allSatisfy(run -> assertThat(healthy.of(run)).isEmpty());
    assertThat(faulty.runs()).allSatisfy(run -> assertThat(faulty.of(run)).isNotEmpty());
    Set<AlarmKind> kinds =
        faulty.runs().stream()
            .flatMap(run -> faulty.of(run).stream())
            .map(RaisedAlarm::kind)
            .collect(Collectors.toSet());
    assertThat(kinds)
        .contains(
            AlarmKind.EXPLODING_GRADIENT,
            AlarmKind.NON_FINITE,
            AlarmKind.GRADIENT_SPIKE,
            AlarmKind.STALLED);
  }

  private static RaisedAlarms alarms(double faults) throws IOException {
    LoadPlan plan = new LoadPlan(RUNS, 20, true, RUNS, Duration.ofSeconds(STEPS), faults, 1);
    RaisedAlarms alarms = new RaisedAlarms();
    Backtest backtest = new Backtest("p", PolicyBook.empty());
    for (RecordedRun run : plan.open(0)) {
      backtest.run("load", run, alarms);
    }
    return alarms;
  }
}

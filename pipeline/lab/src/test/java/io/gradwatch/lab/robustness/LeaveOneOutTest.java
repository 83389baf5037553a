package io.gradwatch.lab.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.score.LabelledRun;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaveOneOutTest {

  @Test
  void tellsWhichFamilyCarriesTheScoreAndWhichDragsItDown() {
    LeaveOneOut report =
        LeaveOneOut.of(
            List.of(
                diverged("a0", "seen", 150),
                diverged("a1", "seen", 150),
                diverged("b", "late", 900)));

    assertThat(report.families())
        .extracting(LeaveOneOut.Family::name)
        .containsExactly("late", "seen");
    assertThat(report.all().recall()).isEqualTo(0.5);
    LeaveOneOut.Family late = report.families().get(0);
    LeaveOneOut.Family seen = report.families().get(1);
    assertThat(late.others().recall()).isEqualTo(1);
    assertThat(late.alone().inTime()).hasToString("0/1");
    assertThat(seen.others().recall()).isZero();
    assertThat(seen.alone().inTime()).hasToString("2/2");
    assertThat(report.all().score() - seen.others().score()).isCloseTo(0.5 / 3, within(1e-12));
  }

  private static LabelledRun diverged(String run, String scenario, long page) {
    return new LabelledRun(
        run,
        new RunLabel(scenario, 1000L, Outcome.DIVERGED, 100L, 200L, List.of(), 1),
        1000,
        List.of(new RaisedAlarm(page, AlarmKind.DIVERGENCE, Severity.CRITICAL)));
  }
}

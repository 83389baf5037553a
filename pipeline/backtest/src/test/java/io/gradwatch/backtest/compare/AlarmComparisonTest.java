package io.gradwatch.backtest.compare;

import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.LOSS_SPIKE;
import static io.gradwatch.core.alarm.Severity.CRITICAL;
import static io.gradwatch.core.alarm.Severity.INFO;
import static io.gradwatch.core.alarm.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.compare.AlarmComparison.Totals;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlarmComparisonTest {

  @Test
  void saysNothingOfAlarmsRaisedAlike() {
    AlarmComparison comparison =
        compare(List.of(page(5), page(5), warning(9)), List.of(warning(9), page(5), page(5)));

    assertThat(comparison.changes()).isEmpty();
    assertThat(comparison.of(CRITICAL)).isEqualTo(new Totals(2, 2, 0, 0, 0));
    assertThat(ComparisonText.lines(comparison)).noneMatch(line -> line.startsWith("RUN"));
  }

  @ParameterizedTest
  @CsvSource({"163, 1", "164, 0", "37, 1", "36, 0"})
  void anAlarmLessThanAnEpisodeAwayIsTheSameMoved(long step, int moved) {
    Totals totals = compare(List.of(page(100)), List.of(page(step))).of(CRITICAL);

    assertThat(totals).isEqualTo(new Totals(1, 1, 1 - moved, 1 - moved, moved));
  }

  @Test
  void neverTakesAnotherKindOrSeverityForTheSame() {
    AlarmComparison comparison = compare(List.of(page(100)), List.of(warning(100)));

    assertThat(comparison.changes())
        .containsExactly(
            new AlarmChange("r", DIVERGENCE, CRITICAL, 100L, null),
            new AlarmChange("r", LOSS_SPIKE, WARNING, null, 100L));
  }

  @Test
  void pairsEqualStepsBeforeNearOnes() {
    AlarmComparison comparison = compare(List.of(page(90), page(100)), List.of(page(100)));

    assertThat(comparison.changes())
        .containsExactly(new AlarmChange("r", DIVERGENCE, CRITICAL, 90L, null));
  }

  @Test
  void tellsRunsApartAndOrdersByStep() {
    RaisedAlarms a = new RaisedAlarms();
    a.raised("x", page(50));
    a.raised("y", warning(3));
    RaisedAlarms b = new RaisedAlarms();
    b.raised("x", warning(7));

    AlarmComparison comparison = AlarmComparison.of(a, b);

    assertThat(ComparisonText.lines(comparison))
        .containsExactly(
            "RUN  LEVEL     KIND                       STEP IN A  STEP IN B",
            "x    WARNING   LOSS_SPIKE                         -          7",
            "x    CRITICAL  DIVERGENCE                        50          -",
            "y    WARNING   LOSS_SPIKE                         3          -",
            "",
            "               A       B  only A  only B  at other step",
            "pages          1       0       1       0              0",
            "warnings       1       1       1       1              0",
            "infos          0       0       0       0              0");
  }

  @Test
  void writesJson() {
    StringBuilder out = new StringBuilder();

    ComparisonText.json(out, compare(List.of(page(5)), List.of(page(6))));

    assertThat(out)
        .hasToString(
            "\"changes\":[{\"run\":\"r\",\"kind\":\"DIVERGENCE\",\"severity\":\"CRITICAL\","
                + "\"step_a\":5,\"step_b\":6}],\"totals\":{"
                + "\"INFO\":{\"a\":0,\"b\":0,\"only_a\":0,\"only_b\":0,\"at_other_step\":0},"
                + "\"WARNING\":{\"a\":0,\"b\":0,\"only_a\":0,\"only_b\":0,\"at_other_step\":0},"
                + "\"CRITICAL\":{\"a\":1,\"b\":1,\"only_a\":0,\"only_b\":0,\"at_other_step\":1}}");
  }

  @Test
  void countsInfosToo() {
    RaisedAlarm info = new RaisedAlarm(5, DIVERGENCE, INFO);

    assertThat(compare(List.of(info), List.of()).of(INFO)).isEqualTo(new Totals(1, 0, 1, 0, 0));
  }

  private static AlarmComparison compare(List<RaisedAlarm> a, List<RaisedAlarm> b) {
    return AlarmComparison.of(raised(a), raised(b));
  }

  private static RaisedAlarms raised(List<RaisedAlarm> alarms) {
    RaisedAlarms raised = new RaisedAlarms();
    alarms.forEach(alarm -> raised.raised("r", alarm));
    return raised;
  }

  private static RaisedAlarm page(long step) {
    return new RaisedAlarm(step, DIVERGENCE, CRITICAL);
  }

  private static RaisedAlarm warning(long step) {
    return new RaisedAlarm(step, LOSS_SPIKE, WARNING);
  }
}

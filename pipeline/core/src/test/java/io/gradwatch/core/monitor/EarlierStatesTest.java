package io.gradwatch.core.monitor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.LayerTrends;
import io.gradwatch.core.stats.Trend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * States that earlier builds wrote, kept as bytes: 200 quiet steps of two layers; from the third
 * version on told by ranks 0, 3, 4 and 9 as well.
 */
class EarlierStatesTest {
  private static RunState read(String name) throws IOException {
    try (InputStream in =
        requireNonNull(EarlierStatesTest.class.getResourceAsStream("/state/" + name))) {
      return RunState.fromBytes(in.readAllBytes());
    }
  }

  private static RunEvent quiet(int step) {
    return quiet(step, RunEvent.WHOLE_RUN, 1);
  }

  private static RunEvent quiet(int step, int rank, double factor) {
    double norm = 1 + (step % 3) * 0.1;
    Observation observation =
        new Observation()
            .set(Scalar.LOSS, factor * (2 + (step % 5) * 0.01))
            .set(Scalar.GRAD_NORM, norm)
            .setLayers(LayerSeries.GRAD_NORM, new float[] {(float) norm / 2, (float) norm / 3});
    return new RunEvent("default", "golden", 0, step, 0, rank, observation);
  }

  @Test
  void theSecondVersionKeepsItsLevelsAndAdvice() throws IOException {
    RunState state = read("v2.bin");
    assertThat(Trend.count(state.series.norm(), 0)).isEqualTo(200);
    assertThat(Trend.medium(state.series.loss(), 0)).isCloseTo(StrictMath.log(2.02), within(0.01));
    assertThat(state.series.layers()).isEqualTo(2);
    assertThat(state.layerNames).containsExactly("in", "out");
    assertThat(state.advice.threshold()).isBetween(1.0, 2.5);
    assertThat(requireNonNull(state.checkpoints.before(199)).uri()).isEqualTo("s3://c/199");
  }

  @Test
  void theThirdVersionKeepsTheRanksThatItHeardOf() throws IOException {
    RunState state = read("v3.bin");
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    List<Alarm> alarms = new ArrayList<>();
    for (int step = 200; step < 400; step++) {
      alarms.addAll(monitor.accept(state, quiet(step)).alarms());
      for (int rank : step < 220 ? List.of(0, 3, 4, 9) : List.of(0, 3, 9)) {
        RunEvent event = quiet(step, rank, rank == 9 ? 50 : 1);
        alarms.addAll(monitor.accept(state, event).alarms());
      }
    }

    Alarm outlier = first(alarms, AlarmKind.RANK_OUTLIER);
    assertThat(outlier.summary()).startsWith("Rank 9 of 4 ");
    assertThat(outlier.openedStep()).as("it had been compared for long").isLessThan(210);
    assertThat(first(alarms, AlarmKind.MISSING_RANK).summary())
        .startsWith("Of 4 ranks 1 stopped")
        .contains("after step 219: 4");
  }

  private static Alarm first(List<Alarm> alarms, AlarmKind kind) {
    return alarms.stream().filter(alarm -> alarm.kind() == kind).findFirst().orElseThrow();
  }

  @Test
  void theFirstVersionKeepsItsLevelsLayersAndCheckpoint() throws IOException {
    RunState state = read("v1.bin");
    assertThat(Trend.count(state.series.loss(), 0)).isEqualTo(200);
    assertThat(Trend.medium(state.series.loss(), 0)).isCloseTo(StrictMath.log(2.02), within(0.01));
    assertThat(Trend.high(state.series.loss(), 0)).isEqualTo(Trend.medium(state.series.loss(), 0));
    assertThat(state.series.layers()).isEqualTo(2);
    LayerTrends layers = state.series.layerNorms();
    assertThat(layers.medium(0) - layers.medium(1)).isCloseTo(StrictMath.log(1.5), within(1e-3));
    assertThat(requireNonNull(state.checkpoints.before(199)).uri()).isEqualTo("s3://c/199");
  }

  @Test
  void theThresholdOfTheSecondVersionIsBackWhereItBelongsOnceTheRuleKnowsItsFirstNorms()
      throws IOException {
    RunState state = read("v2.bin");
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    for (int i = 200; i < 225; i++) {
      monitor.accept(state, quiet(i));
    }
    // The first twenty hold it at the least of them; twice their centre is where it belongs.
    assertThat(state.advice.threshold()).isBetween(1.8, 2.3);
  }

  /** Every file there, so that none is kept without being read. */
  static List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "state"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everyVersionBeforeThisOneIsKept() throws IOException {
    assertThat(kept())
        .containsExactlyElementsOf(
            IntStream.range(1, RunState.VERSION).mapToObj("v%d.bin"::formatted).toList());
  }

  @ParameterizedTest
  @MethodSource("kept")
  void aRunGoesOnFromThereWithoutAPage(String name) throws IOException {
    RunState state = read(name);
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    for (int i = 200; i < 400; i++) {
      assertThat(monitor.accept(state, quiet(i)).alarms())
          .noneMatch(alarm -> alarm.severity() == Severity.CRITICAL);
    }
    assertThat(RunState.fromBytes(state.toBytes()).toBytes()).isEqualTo(state.toBytes());
  }
}

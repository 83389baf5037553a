package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.wire.EventDecoder;
import io.gradwatch.wire.UndecodableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Path RECORDINGS = Path.of("traces/dev");
  private static RecordedNetwork network;

  @BeforeAll
  static void readTheRecordings() throws IOException {
    network = RecordedNetwork.of(RECORDINGS, 100, Reported.ALL_NORMS);
  }

  private static RunEvent decoded(byte[] value) throws UndecodableException {
    return new EventDecoder().decode("default", value);
  }

  private static Observation step(Workload workload, int record) throws UndecodableException {
    return (Observation) decoded(workload.event(record)).body();
  }

  @Test
  void isTheSameEveryTime() throws Exception {
    Workload workload = new Workload(network, 10, 2_000);
    Workload again =
        new Workload(RecordedNetwork.of(RECORDINGS, 100, Reported.ALL_NORMS), 10, 2_000);
    for (int record : new int[] {0, 1, 999, 1_999}) {
      assertThat(again.event(record)).isEqualTo(workload.event(record));
      assertThat(again.key(record)).isEqualTo(workload.key(record));
    }
  }

  @Test
  void goesStepByStepThroughAllRuns() throws Exception {
    Workload workload = new Workload(network, 10, 2_000);
    RunEvent event = decoded(workload.event(37));
    assertThat(event.runId()).isEqualTo("run-00007");
    assertThat(event.step()).isEqualTo(3);
    assertThat(new String(workload.key(37), StandardCharsets.UTF_8)).isEqualTo("run-00007");
  }

  @Test
  void reportsEachSeriesOfEveryLayerAndTheNormOfThemAll() throws Exception {
    Observation step = step(new Workload(network, 10, 2_000), 20);
    double sum = 0;
    for (float norm : step.layers(LayerSeries.GRAD_NORM)) {
      sum += (double) norm * norm;
    }
    assertThat(step.get(Scalar.GRAD_NORM)).isCloseTo(Math.sqrt(sum), withinPart(sum));
    assertThat(step.layers(LayerSeries.WEIGHT_NORM)).hasSize(100);
    assertThat(step.layers(LayerSeries.UPDATE_NORM)).hasSize(100);
    assertThat(new Workload(network, 10, 2_000).values()).isEqualTo(300);
  }

  private static org.assertj.core.data.Offset<Double> withinPart(double sum) {
    return org.assertj.core.api.Assertions.within(1e-6 * Math.sqrt(sum));
  }

  @Test
  void reportsGradientsAloneWhereAskedTo() throws Exception {
    RecordedNetwork gradients = RecordedNetwork.of(RECORDINGS, 10, Reported.GRADIENTS);
    Workload workload = new Workload(gradients, 10, 100);
    assertThat(step(workload, 0).layers(LayerSeries.WEIGHT_NORM)).isNull();
    assertThat(workload.values()).isEqualTo(10);
  }

  @Test
  void holdsOneRecordOfGarbageInTenThousand() throws Exception {
    Workload workload = new Workload(network, 100, 10_001);
    assertThatThrownBy(() -> decoded(workload.event(9_999)))
        .isInstanceOf(UndecodableException.class);
    assertThat(step(workload, 9_998)).isNotNull();
    assertThat(step(workload, 10_000)).isNotNull();
  }

  @Test
  void holdsAsManyRecordsAsFitButOneOfEachRun() {
    Workload workload = new Workload(network, 10, 1_000_000);
    int bytes = workload.event(0).length;
    assertThat(workload.within(1_000L * bytes).records()).isEqualTo(1_000);
    assertThat(workload.within(1_000_001L * bytes).records()).isEqualTo(1_000_000);
    assertThat(workload.within(1).records()).isEqualTo(10);
  }

  /** Far behind the end of every recording, where jumps would page. */
  @Test
  void pagesOnTheRunThatExplodesAndOnNoOther() throws Exception {
    Workload workload = new Workload(network, 4, 4 * 6_000);
    assertThat(Workload.explodes(1)).isTrue();
    for (int run = 0; run < 4; run++) {
      boolean paged = false;
      RunMonitor monitor = new RunMonitor(Policy.defaults());
      RunState state = new RunState();
      for (int record = run; record < workload.records(); record += 4) {
        if (record % 10_000 != 9_999) {
          for (Alarm alarm : monitor.accept(state, decoded(workload.event(record))).alarms()) {
            paged |= alarm.severity() == Severity.CRITICAL;
          }
        }
      }
      assertThat(paged).as("run %d", run).isEqualTo(Workload.explodes(run));
    }
  }
}

package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.fleet.Group;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
class FleetFunctionTest {
  @Parameter private Backend backend;

  private static final FleetIncidentPolicy POLICY = Policy.defaults().fleetIncident();
  private static final long WINDOW = POLICY.windowMillis();

  @Test
  void opensAnIncidentAndResolvesItAWindowAfterItsRunsAreWellAgain() throws Exception {
    try (var task = task()) {
      task.open();
      page(task, "c", "a");
      page(task, "c", "b");
      task.setProcessingTime(1_000);
      hear(task, What.RECOVERED, "c", "a");
      hear(task, What.RECOVERED, "c", "b");
      task.setProcessingTime(1_000 + WINDOW - 1);
      assertThat(states(task)).containsExactly(AlarmState.OPEN);
      task.setProcessingTime(1_000 + WINDOW);
      assertThat(states(task)).containsExactly(AlarmState.OPEN, AlarmState.RESOLVED);
    }
  }

  @Test
  void keepsIncidentsAndTheirTimersThroughASnapshot() throws Exception {
    try (var before = task();
        var after = task()) {
      before.open();
      page(before, "c", "a");
      page(before, "c", "b");
      hear(before, What.LEFT, "c", "a");
      hear(before, What.LEFT, "c", "b");
      after.initializeState(before.snapshot(1, 1));
      after.open();
      after.setProcessingTime(WINDOW);
      assertThat(states(after)).containsExactly(AlarmState.RESOLVED);
      assertThat(StateEntries.count(after.getOperator(), "fleet")).isZero();
    }
  }

  @Test
  void clustersAreApartAndRecordsGoToTheTopicUnderTheIncidentsId() throws Exception {
    try (var task = task()) {
      task.open();
      page(task, "c", "a");
      page(task, "d", "b");
      assertThat(task.extractOutputValues()).isEmpty();
      page(task, "d", "e");
      ProducedRecord record = task.extractOutputValues().get(0);
      FleetIncident incident = RecordCodec.of(FleetIncident.class).decode(record.value());
      assertThat(record.topic()).isEqualTo(Topics.INCIDENTS);
      assertThat(record.key()).asString().isEqualTo(incident.getIncidentId());
      assertThat(incident.getTag()).isEqualTo("cluster");
      assertThat(incident.getTagValue()).isEqualTo("d");
    }
  }

  private static void page(
      KeyedOneInputStreamOperatorTestHarness<String, FleetSignal, ProducedRecord> task,
      String cluster,
      String run)
      throws Exception {
    hear(task, What.JOINED, cluster, run);
    hear(task, What.PAGED, cluster, run);
  }

  private static void hear(
      KeyedOneInputStreamOperatorTestHarness<String, FleetSignal, ProducedRecord> task,
      What what,
      String cluster,
      String run)
      throws Exception {
    task.processElement(
        new FleetSignal(
            what,
            "p",
            run,
            Group.of(Map.of("cluster", cluster)),
            5,
            new Page("alarm of " + run, AlarmKind.DIVERGENCE, 3),
            POLICY),
        7);
  }

  private static List<AlarmState> states(
      KeyedOneInputStreamOperatorTestHarness<String, FleetSignal, ProducedRecord> task)
      throws Exception {
    List<AlarmState> states = new ArrayList<>();
    for (ProducedRecord record : task.extractOutputValues()) {
      states.add(RecordCodec.of(FleetIncident.class).decode(record.value()).getState());
    }
    return states;
  }

  private KeyedOneInputStreamOperatorTestHarness<String, FleetSignal, ProducedRecord> task()
      throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, FleetSignal, ProducedRecord> task =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new FleetFunction(WireFormat.SINGLE_OBJECT)),
            FleetSignal::area,
            Types.STRING);
    task.setStateBackend(backend.ofATask());
    return task;
  }
}

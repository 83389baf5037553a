package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.Group;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Policies;
import io.gradwatch.jobs.Samples;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
class MonitorFunctionTest {
  @Parameter private Backend backend;

  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final String RECOMMENDATIONS = Topics.recommendations(Topics.DEFAULT_PROJECT);
  private static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);

  @Test
  void publishesWhatTheMonitorFinds() throws Exception {
    List<Samples.Sent> events = twoRuns();
    try (var harness = harness()) {
      harness.open();
      accept(harness, events);
      assertThat(harness.extractOutputValues()).isEmpty();
      assertSame(outputs(List.of(harness)), Outputs.straight(events));
    }
  }

  @Test
  void goesOnFromASnapshotAsIfNothingHadHappened() throws Exception {
    List<Samples.Sent> events = twoRuns();
    int middle = events.size() * 5 / 8; // while the norms grow
    try (var before = harness();
        var after = harness()) {
      before.open();
      accept(before, events.subList(0, middle));
      OperatorSubtaskState snapshot = before.snapshot(1, 1);
      after.initializeState(snapshot);
      after.open();
      accept(after, events.subList(middle, events.size()));
      assertSame(outputs(List.of(before, after)), Outputs.straight(events));
    }
  }

  @Test
  void givesItsOutputTheTimestampOfTheEventThatCausedIt() throws Exception {
    List<Samples.Sent> events = Samples.explodingRun("run", 50);
    try (var harness = harness()) {
      harness.open();
      accept(harness, events);
      List<StreamRecord<ProducedRecord>> statistics =
          new ArrayList<>(harness.getSideOutput(MonitorFunction.STATISTICS));
      assertThat(statistics.get(statistics.size() - 1).getTimestamp()).isEqualTo(events.size() - 1);
    }
  }

  @Test
  void tellsTheFleetOfARunThatItPagesAndThatItEndedAndNothingElse() throws Exception {
    List<Samples.Sent> events = Samples.run("run", 400, 200, Map.of("host", "h"));
    try (var harness = harness()) {
      harness.open();
      accept(harness, events);
      assertThat(harness.getSideOutput(MonitorFunction.FLEET))
          .extracting(record -> record.getValue().what())
          .containsExactly(
              FleetSignal.What.JOINED,
              FleetSignal.What.PAGED,
              FleetSignal.What.RECOVERED,
              FleetSignal.What.LEFT);
      assertThat(harness.getSideOutput(MonitorFunction.FLEET))
          .extracting(record -> record.getValue().groups().get(0))
          .containsOnly(new Group("host", "h"));
    }
  }

  @Test
  void keysTellRunsOfTheSameNameApartByProject() {
    Samples.Sent event = Samples.explodingRun("a/b", 1).get(1);
    RunEvent here = Samples.decoded("here", event);
    RunEvent there = Samples.decoded("there", event);
    assertThat(MonitorFunction.keyOf(here))
        .isEqualTo("here/a/b")
        .isNotEqualTo(MonitorFunction.keyOf(there));
  }

  private static List<Samples.Sent> twoRuns() {
    List<Samples.Sent> one = Samples.explodingRun("one", 400);
    List<Samples.Sent> other = Samples.explodingRun("other", 400);
    List<Samples.Sent> events = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      events.add(one.get(i));
      events.add(other.get(i));
    }
    return events;
  }

  private static void assertSame(Outputs actual, Outputs expected) {
    for (String topic : List.of(ALARMS, RECOMMENDATIONS, STATISTICS)) {
      assertThat(expected.of(topic)).as(topic).containsOnlyKeys("one", "other");
      assertThat(actual.differences(topic, expected)).isEmpty();
    }
  }

  private static void accept(Harness harness, List<Samples.Sent> events) throws Exception {
    for (int i = 0; i < events.size(); i++) {
      harness.processElement(Samples.decoded(Topics.DEFAULT_PROJECT, events.get(i)), i);
    }
  }

  private static Outputs outputs(List<Harness> harnesses) {
    Outputs outputs = new Outputs();
    for (var harness : harnesses) {
      for (OutputTag<ProducedRecord> tag :
          List.of(
              MonitorFunction.ALARMS,
              MonitorFunction.RECOMMENDATIONS,
              MonitorFunction.STATISTICS)) {
        Queue<StreamRecord<ProducedRecord>> records = harness.getSideOutput(tag);
        if (records != null) {
          records.forEach(
              record ->
                  outputs.add(
                      record.getValue().topic(),
                      record.getValue().key(),
                      record.getValue().value()));
        }
      }
    }
    return outputs;
  }

  private Harness harness() throws Exception {
    return new Harness(backend, Policies.noTopic(), 1, 0);
  }
}

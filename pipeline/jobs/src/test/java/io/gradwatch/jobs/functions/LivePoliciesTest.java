package io.gradwatch.jobs.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Policies;
import io.gradwatch.jobs.Samples;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that come, change and go while runs are under way; all losses are NaN. */
@ParameterizedClass
@EnumSource(Backend.class)
class LivePoliciesTest {
  @Parameter private Backend backend;

  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final int STEPS = 100;
  private static final List<String> RUNS = List.of("a", "b", "c", "d", "e");
  private static final List<Samples.Sent> EVENTS = events();

  private static final PolicyDocument DEAF = Policies.ofProject(0, Policies.DEAF);
  private static final PolicyDocument ALERT_AT_70 = Policies.ofProject(time(70), Policies.ALERT);
  private static final PolicyBook DEAF_TO_70 = PolicyBook.of(List.of(DEAF, ALERT_AT_70));

  @Test
  void aPolicyHoldsFromTheFirstEventEmittedAtItsTimeOn() throws Exception {
    try (Harness task = new Harness(backend, Policies.noTopic(), 1, 0)) {
      task.open();
      task.processBroadcastElement(Policies.consumed(0, DEAF), 1);
      accept(task, 0, 50);
      task.processBroadcastElement(Policies.consumed(1, ALERT_AT_70), 2);
      accept(task, 50, 70);
      assertThat(outputs(task).count(ALARMS)).isZero();
      accept(task, 70, 71);
      assertThat(outputs(task).count(ALARMS)).isEqualTo(RUNS.size());
      accept(task, 71, STEPS);

      assertSame(outputs(task), DEAF_TO_70);
    }
  }

  @Test
  void policiesThatLieInTheTopicAreKnownBeforeTheFirstEvent() throws Exception {
    try (Harness task = new Harness(backend, log(DEAF, ALERT_AT_70), 1, 0)) {
      task.open();
      accept(task, 0, STEPS);

      assertSame(outputs(task), DEAF_TO_70);
    }
  }

  @Test
  void aRecordThatComesAgainChangesNothing() throws Exception {
    PolicyDocument again = Policies.ofProject(0, Policies.ALERT);
    try (Harness task = new Harness(backend, log(DEAF, again, DEAF), 1, 0)) {
      task.open();
      task.processBroadcastElement(Policies.consumed(0, DEAF), 1);
      task.processBroadcastElement(Policies.consumed(1, again), 1);
      accept(task, 0, 10);
      task.processBroadcastElement(Policies.consumed(2, DEAF), 1);
      accept(task, 10, STEPS);

      assertThat(outputs(task).count(ALARMS)).isZero();
    }
  }

  @Test
  void aPolicyThatIsRemovedHoldsUpToTheTimeOfTheRecordThatRemovesIt() throws Exception {
    try (Harness task = new Harness(backend, log(DEAF), 1, 0)) {
      task.open();
      accept(task, 0, 50);
      task.processBroadcastElement(Policies.consumed(1, DEAF, null), time(70));
      accept(task, 50, STEPS);

      assertSame(
          outputs(task), PolicyBook.of(List.of(DEAF, Policies.ofProject(time(70), Settings.NONE))));
    }
  }

  @Test
  void aPolicyThatComesLateHoldsFromTheNextEventOn() throws Exception {
    try (Harness task = new Harness(backend, log(DEAF), 1, 0)) {
      task.open();
      accept(task, 0, 80);
      task.processBroadcastElement(Policies.consumed(1, ALERT_AT_70), 2);
      accept(task, 80, STEPS);

      assertSame(
          outputs(task),
          PolicyBook.of(List.of(DEAF, Policies.ofProject(time(80), Policies.ALERT))));
    }
  }

  @Test
  void whatIsNoPolicyIsToldWithAReasonAndTheLastValidOneStays() throws Exception {
    byte[] unsound =
        Policies.value(Policies.ofProject(0, Settings.NONE.withClip("raise", Double.NaN)));
    byte[] unknown = Policies.value(Policies.ofProject(0, Settings.NONE.withClip("raisin", 1)));
    byte[] ofFleet = Policies.value(PolicyDocument.ofFleet(Policies.ALERT));
    try (Harness task = new Harness(backend, log(DEAF), 1, 0)) {
      task.open();
      accept(task, 0, 50);
      task.processBroadcastElement(Policies.consumed(1, DEAF, unsound), 11);
      task.processBroadcastElement(Policies.consumed(2, DEAF, unknown), 12);
      task.processBroadcastElement(Policies.consumed(3, DEAF, ofFleet), 13);
      task.processBroadcastElement(Policies.consumed(4, DEAF, "garbage".getBytes(UTF_8)), 14);
      accept(task, 50, STEPS);

      assertThat(outputs(task).count(ALARMS)).isZero();
      List<StreamRecord<ProducedRecord>> letters = letters(task);
      assertThat(letters)
          .extracting(letter -> header(letter, DeadLetters.REASON))
          .containsExactly("INVALID_POLICY", "INVALID_POLICY", "WRONG_KEY", "UNKNOWN_FRAMING");
      StreamRecord<ProducedRecord> first = letters.get(0);
      assertThat(first.getTimestamp()).isEqualTo(11);
      assertThat(first.getValue().topic()).isEqualTo(Topics.DEAD_LETTERS);
      assertThat(first.getValue().key()).isEqualTo(Policies.key(DEAF));
      assertThat(first.getValue().value()).isEqualTo(unsound);
      assertThat(header(first, DeadLetters.TOPIC)).isEqualTo(Topics.POLICIES);
      assertThat(header(first, DeadLetters.OFFSET)).isEqualTo("1");
      assertThat(header(first, DeadLetters.STAGE)).isEqualTo("policies");
      assertThat(header(first, DeadLetters.MESSAGE))
          .isEqualTo("clip.raise is NaN, it must be above 0");
    }
  }

  @Test
  void whatWasRefusedIsToldByTheStreamAlsoWhenTheTopicWasReadBefore() throws Exception {
    ConsumedRecord garbage = Policies.consumed(0, DEAF, new byte[] {1});
    PolicyLog log = new Listed(List.of(garbage, Policies.consumed(1, DEAF)));
    try (Harness task = new Harness(backend, log, 1, 0)) {
      task.open();
      assertThat(letters(task)).isEmpty();
      task.processBroadcastElement(garbage, 1);
      assertThat(letters(task)).hasSize(1);
    }
  }

  @Test
  void oneTaskTellsForAll() throws Exception {
    int told = 0;
    for (int index = 0; index < 3; index++) {
      try (Harness task = new Harness(backend, Policies.noTopic(), 3, index)) {
        task.open();
        task.processBroadcastElement(Policies.consumed(0, DEAF, new byte[] {1}), 1);
        told += letters(task).size();
      }
    }
    assertThat(told).isEqualTo(1);
  }

  @Test
  void aRestoredTaskKnowsWhatItKnewAndWhatHasComeSince() throws Exception {
    try (Harness before = new Harness(backend, Policies.noTopic(), 1, 0);
        Harness after =
            new Harness(backend, new Listed(List.of(Policies.consumed(5, ALERT_AT_70))), 1, 0)) {
      before.open();
      before.processBroadcastElement(Policies.consumed(4, DEAF), 1);
      accept(before, 0, 60);
      after.initializeState(before.snapshot(1, 1));
      after.open();
      accept(after, 60, STEPS);

      assertSame(outputs(before, after), DEAF_TO_70);
    }
  }

  @Test
  void aTopicThatWasMadeAnewReplacesWhatWasKnown() throws Exception {
    try (Harness before = new Harness(backend, Policies.noTopic(), 1, 0);
        Harness after = new Harness(backend, log(), 1, 0)) {
      before.open();
      before.processBroadcastElement(Policies.consumed(4, DEAF), 1);
      accept(before, 0, 60);
      after.initializeState(before.snapshot(1, 1));
      after.open();
      accept(after, 60, STEPS);

      assertSame(
          outputs(before, after),
          PolicyBook.of(List.of(DEAF, Policies.ofProject(time(60), Settings.NONE))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void atAnyParallelismBeforeAndAfterARestoreItIsTheSame(int tasks) throws Exception {
    int later = 5 - tasks;
    List<Harness> all = new ArrayList<>();
    List<OperatorSubtaskState> snapshots = new ArrayList<>();
    for (int index = 0; index < tasks; index++) {
      Harness task = new Harness(backend, log(DEAF), tasks, index);
      all.add(task);
      task.open();
      accept(task, 0, 40);
      task.processBroadcastElement(Policies.consumed(1, ALERT_AT_70), 2);
      accept(task, 40, 60);
      snapshots.add(task.snapshot(1, 1));
    }
    OperatorSubtaskState snapshot =
        AbstractStreamOperatorTestHarness.repackageState(
            snapshots.toArray(OperatorSubtaskState[]::new));
    for (int index = 0; index < later; index++) {
      Harness task = new Harness(backend, Policies.noTopic(), later, index);
      all.add(task);
      task.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              snapshot, Harness.MAX_PARALLELISM, tasks, later, index));
      task.open();
      accept(task, 60, STEPS);
    }

    assertSame(outputs(all.toArray(Harness[]::new)), DEAF_TO_70);
    for (Harness task : all) {
      task.close();
    }
  }

  private static long time(int step) {
    return Samples.decoded(Topics.DEFAULT_PROJECT, Samples.event("r", step, step())).emittedAt();
  }

  private static StepCompleted step() {
    return StepCompleted.newBuilder().setLoss(Double.NaN).build();
  }

  /** Step by step, the runs in turn. */
  private static List<Samples.Sent> events() {
    return IntStream.range(0, STEPS)
        .boxed()
        .flatMap(step -> RUNS.stream().map(run -> Samples.event(run, step, step())))
        .toList();
  }

  private static void accept(Harness task, int fromStep, int toStep) throws Exception {
    for (Samples.Sent sent : EVENTS.subList(fromStep * RUNS.size(), toStep * RUNS.size())) {
      RunEvent event = Samples.decoded(Topics.DEFAULT_PROJECT, sent);
      if (task.isFor(event)) {
        task.processElement(event, event.emittedAt());
      }
    }
  }

  private static Outputs outputs(Harness... tasks) {
    Outputs outputs = new Outputs();
    for (Harness task : tasks) {
      for (OutputTag<ProducedRecord> tag :
          List.of(
              MonitorFunction.ALARMS,
              MonitorFunction.RECOMMENDATIONS,
              MonitorFunction.STATISTICS)) {
        for (StreamRecord<ProducedRecord> record : side(task, tag)) {
          outputs.add(
              record.getValue().topic(), record.getValue().key(), record.getValue().value());
        }
      }
    }
    return outputs;
  }

  private static List<StreamRecord<ProducedRecord>> letters(Harness task) {
    return side(task, DecodeFunction.DEAD_LETTERS);
  }

  private static List<StreamRecord<ProducedRecord>> side(
      Harness task, OutputTag<ProducedRecord> tag) {
    @Nullable Queue<StreamRecord<ProducedRecord>> records = task.getSideOutput(tag);
    return records == null ? List.of() : List.copyOf(records);
  }

  private static String header(StreamRecord<ProducedRecord> letter, String name) {
    Map<String, String> headers =
        letter.getValue().headers().stream()
            .collect(
                Collectors.toMap(
                    header -> header.name(), header -> new String(header.value(), UTF_8)));
    return headers.get(name);
  }

  private static void assertSame(Outputs actual, PolicyBook policies) {
    Outputs expected = Outputs.straight(EVENTS, policies);
    assertThat(expected.of(ALARMS)).containsOnlyKeys(RUNS);
    assertThat(expected.differences(ALARMS, Outputs.straight(EVENTS))).hasSameSizeAs(RUNS);
    for (String topic :
        List.of(
            ALARMS,
            Topics.recommendations(Topics.DEFAULT_PROJECT),
            Topics.statistics(Topics.DEFAULT_PROJECT))) {
      assertThat(actual.differences(topic, expected)).isEmpty();
    }
  }

  private static PolicyLog log(PolicyDocument... documents) {
    return new Listed(
        IntStream.range(0, documents.length)
            .mapToObj(offset -> Policies.consumed(offset, documents[offset]))
            .toList());
  }

  /** A topic that holds these. */
  private static final class Listed implements PolicyLog {
    private static final long serialVersionUID = 1L;

    private final transient List<ConsumedRecord> records;

    Listed(List<ConsumedRecord> records) {
      this.records = records;
    }

    @Override
    public void read(Reader reader) throws Exception {
      reader.begin(records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1);
      for (ConsumedRecord record : records) {
        reader.take(record, 0);
      }
    }
  }
}

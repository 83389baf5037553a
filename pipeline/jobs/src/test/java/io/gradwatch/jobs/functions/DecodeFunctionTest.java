package io.gradwatch.jobs.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Samples;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecodeFunctionTest {
  private static final long TIMESTAMP = 1_700_000_000_123L;
  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", 3);

  private OneInputStreamOperatorTestHarness<ConsumedRecord, RunEvent> harness;

  @BeforeEach
  void open() throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new DecodeFunction(1 << 20, WireFormat.SINGLE_OBJECT)),
            JobTypes.CONSUMED.createSerializer(new SerializerConfigImpl()));
    harness.setup(JobTypes.EVENT.createSerializer(new SerializerConfigImpl()));
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void decodesAnEventOfTheTopicsProject() throws Exception {
    Samples.Sent step = RUN.get(1);
    accept(new ConsumedRecord("gradwatch.events.v1.team-7", 1, 2, null, step.value(), List.of()));
    RunEvent event = harness.extractOutputValues().get(0);
    assertThat(event.project()).isEqualTo("team-7");
    assertThat(event.runId()).isEqualTo("run");
    assertThat(event.body()).isInstanceOf(Observation.class);
    assertThat(harness.getSideOutput(DecodeFunction.DEAD_LETTERS)).isNull();
  }

  @Test
  void sendsTruncatedBytesToDeadLettersWithTheirTimestampAndGoesOn() throws Exception {
    byte[] whole = RUN.get(1).value();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    accept(new ConsumedRecord(Samples.EVENTS, 1, 2, new byte[] {5}, half, List.of()));
    accept(Samples.consumed(RUN.get(2), 3));

    StreamRecord<ProducedRecord> letter =
        harness.getSideOutput(DecodeFunction.DEAD_LETTERS).remove();
    assertThat(letter.getTimestamp()).isEqualTo(TIMESTAMP);
    assertThat(letter.getValue().key()).containsExactly(5);
    assertThat(letter.getValue().value()).isEqualTo(half);
    assertThat(header(letter.getValue(), DeadLetters.STAGE)).isEqualTo("decode");
    assertThat(header(letter.getValue(), DeadLetters.REASON)).isEqualTo(Reason.TRUNCATED.name());
    assertThat(header(letter.getValue(), DeadLetters.MESSAGE)).isNotBlank();
    assertThat(harness.extractOutputValues()).hasSize(1);
  }

  @Test
  void sendsATombstoneToDeadLetters() throws Exception {
    accept(new ConsumedRecord(Samples.EVENTS, 0, 0, null, null, List.of()));
    ProducedRecord letter = harness.getSideOutput(DecodeFunction.DEAD_LETTERS).remove().getValue();
    assertThat(letter.value()).isNull();
    assertThat(header(letter, DeadLetters.REASON)).isEqualTo(Reason.EMPTY.name());
  }

  @Test
  void takesATombstoneThatSaysSoForTheRemovalOfItsRun() throws Exception {
    List<RecordHeader> header = List.of(new RecordHeader(RunRemoval.HEADER, null));
    accept(new ConsumedRecord(Samples.EVENTS, 0, 0, "run".getBytes(UTF_8), null, header));
    accept(new ConsumedRecord(Samples.EVENTS, 0, 1, null, null, header));

    assertThat(harness.extractOutputValues())
        .containsExactly(
            new RunEvent(
                Topics.DEFAULT_PROJECT,
                "run",
                0,
                0,
                TIMESTAMP,
                RunEvent.WHOLE_RUN,
                new RunEvent.Removed()));
    ProducedRecord letter = harness.getSideOutput(DecodeFunction.DEAD_LETTERS).remove().getValue();
    assertThat(header(letter, DeadLetters.REASON)).isEqualTo(Reason.INVALID_RUN_ID.name());
  }

  private void accept(ConsumedRecord record) throws Exception {
    harness.processElement(record, TIMESTAMP);
  }

  private static String header(ProducedRecord letter, String name) {
    return letter.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(RecordHeader::value)
        .map(value -> new String(value, UTF_8))
        .findFirst()
        .orElseThrow();
  }
}

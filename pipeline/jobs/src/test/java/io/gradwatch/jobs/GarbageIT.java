package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import io.gradwatch.wire.UndecodableException.Reason;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are no events, between good ones. */
class GarbageIT {
  private static final int STEPS = 350;
  private static final int BETWEEN_EACH = 10;
  private static final int OVERSIZED = 600 * 1024;
  private static final List<String> RUNS = List.of("one", "other");
  private static final int FRAMING_BYTES = 10;
  private static final RecordCodec<TrainingEvent> EVENTS = RecordCodec.of(TrainingEvent.class);
  private static final RecordCodec<RunStatistics> STATISTICS = RecordCodec.of(RunStatistics.class);

  private record Bad(byte[] value, Reason reason) {}

  private record Place(int partition, long offset) {}

  private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
  private final Map<Place, ProducerRecord<byte[], byte[]>> refused = new HashMap<>();
  private final Map<Place, Reason> reasons = new HashMap<>();
  private final long now = Instant.now().toEpochMilli();

  @Test
  void allOfItIsInTheDeadLettersAndNoGoodEventIsLost(@TempDir Path folder) throws Exception {
    interleave();
    assertThat(reasons.values())
        .containsAll(EnumSet.complementOf(EnumSet.of(Reason.UNACCEPTABLE_SCHEMA)));
    try (KafkaCluster kafka = KafkaCluster.start()) {
      JobOnKafka job = new JobOnKafka(kafka, folder);
      job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
      kafka.send(sent);
      JobClient client = GradwatchJob.start(job.options(), job.flink(2));

      List<ConsumerRecord<byte[], byte[]>> letters =
          kafka.readUntil(
              Topics.DEAD_LETTERS,
              IsolationLevel.READ_COMMITTED,
              records -> records.size() >= refused.size());
      List<ConsumerRecord<byte[], byte[]>> statistics =
          kafka.readUntil(
              Topics.statistics(Topics.DEFAULT_PROJECT),
              IsolationLevel.READ_COMMITTED,
              records -> RUNS.stream().allMatch(run -> stepsSeen(records, run) >= STEPS));

      assertThat(letters).hasSameSizeAs(refused.keySet()).allSatisfy(this::isTheRefusedRecord);
      assertThat(letters).extracting(GarbageIT::place).doesNotHaveDuplicates();
      assertThat(RUNS).allSatisfy(run -> assertThat(stepsSeen(statistics, run)).isEqualTo(STEPS));
      JobOnKafka.cancel(client); // it runs, and may not restart: it has never failed
    }
  }

  private void isTheRefusedRecord(ConsumerRecord<byte[], byte[]> letter) {
    ProducerRecord<byte[], byte[]> original = refused.get(place(letter));
    assertThat(original).isNotNull();
    assertThat(letter.key()).isEqualTo(original.key());
    assertThat(letter.value()).isEqualTo(original.value());
    assertThat(letter.timestamp()).isEqualTo(original.timestamp());
    Header[] headers = original.headers().toArray();
    assertThat(Arrays.copyOf(letter.headers().toArray(), headers.length)).isEqualTo(headers);
    assertThat(text(letter, DeadLetters.TOPIC)).isEqualTo(Samples.EVENTS);
    assertThat(text(letter, DeadLetters.STAGE)).isEqualTo("decode");
    assertThat(text(letter, DeadLetters.REASON)).isEqualTo(reasons.get(place(letter)).name());
    assertThat(text(letter, DeadLetters.MESSAGE)).isNotBlank();
    assertThat(text(letter, DeadLetters.CUT)).isEmpty();
  }

  /** Each run in a partition of its own, with something bad before every tenth event. */
  private void interleave() {
    for (int partition = 0; partition < RUNS.size(); partition++) {
      String run = RUNS.get(partition);
      List<Samples.Sent> good = Samples.explodingRun(run, STEPS);
      List<Bad> bad = bad(good.get(1).value());
      long offset = 0;
      for (int i = 0; i < good.size(); i++) {
        if (i % BETWEEN_EACH == 0) {
          Bad next = bad.get(i / BETWEEN_EACH % bad.size());
          Place place = new Place(partition, offset++);
          refused.put(place, send(partition, run, next.value()));
          reasons.put(place, next.reason());
        }
        send(partition, run, good.get(i).value());
        offset++;
      }
    }
  }

  private ProducerRecord<byte[], byte[]> send(int partition, String run, byte[] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Samples.EVENTS,
            partition,
            now + sent.size(),
            RecordEncoder.key(run),
            value,
            List.of(
                new RecordHeader("trace", new byte[] {(byte) sent.size()}),
                new RecordHeader("trace", null)));
    sent.add(record);
    return record;
  }

  /** A record for every reason there is, but the one that needs a registry. */
  private static List<Bad> bad(byte[] good) {
    byte[] noSuchSchema = good.clone();
    Arrays.fill(noSuchSchema, 2, 10, (byte) 0);
    byte[] noText = good.clone();
    noText[FRAMING_BYTES + 1] = (byte) 0xFF;
    byte[] negativeLength = good.clone();
    negativeLength[FRAMING_BYTES] = 1;
    List<Bad> bad = new ArrayList<>();
    bad.add(new Bad("no framing at all".getBytes(UTF_8), Reason.UNKNOWN_FRAMING));
    bad.add(new Bad("{\"run\": \"one\", \"loss\": 2}".getBytes(UTF_8), Reason.UNKNOWN_FRAMING));
    bad.add(new Bad(new byte[] {0, 0, 0, 0, 7, 2, 1}, Reason.UNKNOWN_SCHEMA));
    bad.add(new Bad(noSuchSchema, Reason.UNKNOWN_SCHEMA));
    bad.add(new Bad(STATISTICS.encode(RunStatistics.newBuilder().build()), Reason.UNKNOWN_SCHEMA));
    bad.add(new Bad(Arrays.copyOf(good, good.length / 2), Reason.TRUNCATED));
    bad.add(new Bad(Arrays.copyOf(good, 3), Reason.TRUNCATED));
    bad.add(new Bad(Arrays.copyOf(good, OVERSIZED), Reason.TOO_LARGE));
    bad.add(new Bad(null, Reason.EMPTY));
    bad.add(new Bad(new byte[0], Reason.EMPTY));
    bad.add(new Bad(Arrays.copyOf(good, good.length + 3), Reason.TRAILING_BYTES));
    bad.add(new Bad(noText, Reason.INVALID_TEXT));
    bad.add(new Bad(negativeLength, Reason.MALFORMED));
    bad.addAll(badEvents());
    return bad;
  }

  private static List<Bad> badEvents() {
    Map<String, Double> metrics =
        IntStream.range(0, 257).boxed().collect(Collectors.toMap(i -> "m" + i, i -> 1.0));
    Map<String, String> tags =
        IntStream.range(0, 257).boxed().collect(Collectors.toMap(i -> "t" + i, i -> ""));
    return List.of(
        bad(event(), Reason.NO_BODY),
        bad(event().setBody(new Heartbeat()).setStep(-1), Reason.INVALID_STEP),
        bad(event().setBody(new Heartbeat()).setStep((1L << 53) + 1), Reason.INVALID_STEP),
        bad(event().setBody(new Heartbeat()).setRunId("one\n"), Reason.INVALID_RUN_ID),
        bad(event().setBody(new Heartbeat()).setRunId("x".repeat(10_000)), Reason.TEXT_TOO_LONG),
        bad(event().setBody(new Heartbeat()).setAttempt(-1), Reason.INVALID_ATTEMPT),
        bad(event().setBody(new Heartbeat()).setRank(-1), Reason.INVALID_RANK),
        bad(RunStarted.newBuilder().setWorldSize(0).build(), Reason.INVALID_WORLD_SIZE),
        bad(
            RunStarted.newBuilder().setLayerNames(Collections.nCopies(100_000, "a")).build(),
            Reason.TOO_MANY_LAYERS),
        bad(RunStarted.newBuilder().setTags(tags).build(), Reason.TOO_MANY_TAGS),
        bad(StepCompleted.newBuilder().setMetrics(metrics).build(), Reason.TOO_MANY_METRICS),
        bad(StepCompleted.newBuilder().setGradNorm(-1.0).build(), Reason.NEGATIVE_VALUE),
        bad(
            StepCompleted.newBuilder().setLayerZeroFractions(List.of(2f)).build(),
            Reason.INVALID_FRACTION),
        bad(
            StepCompleted.newBuilder()
                .setLayerGradNorms(List.of(1f))
                .setLayerWeightNorms(List.of(1f, 1f))
                .build(),
            Reason.LAYERS_DISAGREE),
        bad(
            StepCompleted.newBuilder()
                .setHistogram(new Log2Histogram(2_000, List.of(), 0L, 0L))
                .build(),
            Reason.INVALID_HISTOGRAM));
  }

  private static TrainingEvent.Builder event() {
    return TrainingEvent.newBuilder().setRunId("one");
  }

  private static Bad bad(Object body, Reason reason) {
    return bad(event().setBody(body), reason);
  }

  private static Bad bad(TrainingEvent.Builder event, Reason reason) {
    return new Bad(EVENTS.encode(event.build()), reason);
  }

  private static Place place(ConsumerRecord<byte[], byte[]> letter) {
    return new Place(
        Integer.parseInt(text(letter, DeadLetters.PARTITION)),
        Long.parseLong(text(letter, DeadLetters.OFFSET)));
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
    return new String(letter.headers().lastHeader(header).value(), UTF_8);
  }

  private static long stepsSeen(List<ConsumerRecord<byte[], byte[]>> records, String run) {
    return records.stream()
        .filter(record -> new String(record.key(), UTF_8).equals(run))
        .max(Comparator.comparingLong(ConsumerRecord::offset))
        .map(record -> decode(record.value()).getStepsSeen())
        .orElse(0L);
  }

  private static RunStatistics decode(byte[] value) {
    try {
      return STATISTICS.decode(value);
    } catch (RecordFormatException e) {
      throw new AssertionError(e);
    }
  }
}

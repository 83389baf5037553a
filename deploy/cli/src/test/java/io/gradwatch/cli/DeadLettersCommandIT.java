package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters as the job writes them, looked at and sent once more. */
class DeadLettersCommandIT {
  private static final String EVENTS = Topics.events("p");
  private static final byte[] GARBAGE = {
    0, 1, 2, 'g', 'a', 'r', 'b', 'a', 'g', 'e', 127, -1, 10, 32, 126, 33, 34
  };
  private static final long TIME = 1_700_000_000_123L;

  private KafkaCluster kafka;

  @BeforeEach
  void startKafka() {
    kafka = KafkaCluster.start();
    kafka.createTopic(EVENTS, 2);
    kafka.createTopic(Topics.DEAD_LETTERS, 1);
  }

  @AfterEach
  void stopKafka() {
    kafka.close();
  }

  @Test
  void areListedAsLinesAndChosenByReasonTopicAndRun() {
    refuse(record(7, "one", GARBAGE), "TRUNCATED");
    refuse(record(8, "other", null), "EMPTY");

    assertThat(run("list").out().lines())
        .containsExactly(
            "{\"letter\":\"0:0\",\"topic\":\"gradwatch.events.v1.p\",\"partition\":1,\"offset\":7,"
                + "\"stage\":\"decode\",\"reason\":\"TRUNCATED\",\"message\":\"odd\\nbytes\","
                + "\"time\":\"2023-11-14T22:13:20.123Z\",\"run\":\"one\",\"bytes\":17,"
                + "\"attempts\":0,\"cut\":false}",
            "{\"letter\":\"0:1\",\"topic\":\"gradwatch.events.v1.p\",\"partition\":1,\"offset\":8,"
                + "\"stage\":\"decode\",\"reason\":\"EMPTY\",\"message\":\"odd\\nbytes\","
                + "\"time\":\"2023-11-14T22:13:20.123Z\",\"run\":\"other\",\"bytes\":null,"
                + "\"attempts\":0,\"cut\":false}");
    assertThat(run("list", "--reason=EMPTY").out()).hasLineCount(1).contains("\"other\"");
    assertThat(run("list", "--run=one").out()).hasLineCount(1).contains("\"one\"");
    assertThat(run("list", "--topic=" + EVENTS).out()).hasLineCount(2);
    assertThat(run("list", "--topic=none").out()).isEmpty();
  }

  @Test
  void areShownWithTheirHeadersAndBytes() {
    refuse(record(7, "one", GARBAGE), "TRUNCATED");

    CommandRun show = run("show", "0:0");

    assertThat(show.code()).isZero();
    assertThat(show.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "key \"one\"",
            "trace \"\\u0007\"",
            "none null",
            "gradwatch.dead-letter.reason \"TRUNCATED\"",
            "gradwatch.dead-letter.exception \"java.io.IOException\"",
            "gradwatch.dead-letter.message \"odd\\nbytes\"",
            "value \"17 bytes\"",
            "00000000 00 01 02 67 61 72 62 61 67 65 7f ff 0a 20 7e 21 ...garbage... ~!",
            "00000010 22 \"");
  }

  @Test
  void goBackAsTheyWere() {
    ConsumedRecord refused = record(7, "one", GARBAGE);
    refuse(refused, "TRUNCATED");
    refuse(record(8, "tombstone", null), "EMPTY");

    CommandRun plan = run("replay", "--all", "--dry-run");
    assertThat(events()).isEmpty();
    CommandRun replay = run("replay", "--all");

    assertThat(plan.out()).hasLineCount(2).contains("\"letter\":\"0:0\"");
    assertThat(replay.code()).isZero();
    assertThat(replay.out()).isEqualToNormalizingNewlines("2 sent\n");
    assertThat(events()).hasSize(2);
    ConsumerRecord<byte[], byte[]> back = events().get(0);
    assertThat(back.partition()).isEqualTo(1);
    assertThat(back.key()).isEqualTo(refused.key());
    assertThat(back.value()).isEqualTo(GARBAGE);
    assertThat(back.timestamp()).isEqualTo(TIME);
    assertThat(Arrays.stream(back.headers().toArray()).map(header -> header.key()))
        .containsExactly(
            "trace", "none", "gradwatch.dead-letter.attempt", "gradwatch.dead-letter.origin");
    assertThat(back.headers().lastHeader("gradwatch.dead-letter.attempt").value())
        .isEqualTo("1".getBytes(UTF_8));
    assertThat(events().get(1).value()).isNull();
  }

  @Test
  void goBackOnceARoundAndNoMoreThanSoManyTimes() {
    refuse(record(7, "one", GARBAGE), "TRUNCATED");
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(run("replay", "--all").code()).isZero();
      assertThat(events()).hasSize(attempt);
      refuseAgain(events().get(attempt - 1));
    }

    CommandRun fourth = run("replay", "--all");
    CommandRun allowed = run("replay", "--all", "--max-attempts=4");

    assertThat(fourth.code()).isEqualTo(1);
    assertThat(fourth.out()).isEqualToNormalizingNewlines("0 sent\n");
    assertThat(fourth.err())
        .isEqualToNormalizingNewlines(
            """
            passed over: letter 0:0: newer letter 0:3, replayed 3 times
            passed over: letter 0:1: newer letter 0:3, replayed 3 times
            passed over: letter 0:2: newer letter 0:3, replayed 3 times
            left out: letter 0:3: it was replayed 3 times
            """);
    assertThat(allowed.code()).isZero();
    assertThat(events()).hasSize(4);
  }

  @Test
  void thatHaveANewerLetterDoNotGoBackByTheirOwnIdOrReasonEither() {
    refuse(record(7, "one", GARBAGE), "TRUNCATED");
    assertThat(run("replay", "0:0").code()).isZero();
    refuseAgain(events().get(0));

    CommandRun byId = run("replay", "0:0");
    CommandRun byNewerId = run("replay", "0:1", "--max-attempts=1");

    assertThat(byId.code()).isEqualTo(1);
    assertThat(byId.out()).isEqualToNormalizingNewlines("0 sent\n");
    assertThat(byId.err())
        .isEqualToNormalizingNewlines("left out: letter 0:0: newer letter 0:1, replayed once\n");
    assertThat(byNewerId.code()).isEqualTo(1);
    assertThat(byNewerId.err())
        .isEqualToNormalizingNewlines("left out: letter 0:1: it was replayed once\n");
    assertThat(events()).hasSize(1);
  }

  @Test
  void goBackWhateverAnotherRecordSaysOfItsOriginAndAttempts() {
    refuse(record(0, "honest", GARBAGE), "TRUNCATED");
    refuse(forged(1, "forger", "1:0"), "TRUNCATED");
    refuse(record(2, "honest", GARBAGE), "TRUNCATED");

    CommandRun replay = run("replay", "--all");

    assertThat(replay.code()).isEqualTo(1);
    assertThat(replay.out()).isEqualToNormalizingNewlines("2 sent\n");
    assertThat(replay.err())
        .isEqualToNormalizingNewlines("left out: letter 0:1: it was replayed 7 times\n");
    assertThat(events())
        .extracting(back -> new String(back.key(), UTF_8))
        .containsExactly("honest", "honest");
  }

  @Test
  void areNamedWhenARecordOfTheSameContentClaimsToBeNewer() {
    refuse(record(0, "one", GARBAGE), "TRUNCATED");
    refuse(forged(1, "one", "1:0"), "TRUNCATED");

    assertThat(run("replay", "--all").err())
        .isEqualToNormalizingNewlines(
            """
            passed over: letter 0:0: newer letter 0:1, replayed 7 times
            left out: letter 0:1: it was replayed 7 times
            """);
    assertThat(run("replay", "--all", "--max-attempts=8").out())
        .isEqualToNormalizingNewlines("1 sent\n");
  }

  @Test
  void areNotCutBecauseTheirRecordSaysSo() {
    refuse(
        new ConsumedRecord(
            EVENTS,
            1,
            0,
            null,
            GARBAGE,
            List.of(new RecordHeader(DeadLetters.CUT, "value 99".getBytes(UTF_8)))),
        "TRUNCATED");

    assertThat(run("list").out()).contains("\"cut\":false");
    assertThat(run("replay", "--all").code()).isZero();
  }

  @Test
  void thatWentOutBeforeAFailureAreCounted() {
    refuse(record(7, "one", GARBAGE), "TRUNCATED");
    // Kafka refuses the name at once; for a topic that is gone, a producer waits.
    refuse(new ConsumedRecord("no topic", 0, 1, null, GARBAGE, List.of()), "TRUNCATED");

    CommandRun replay = run("replay", "--all");

    assertThat(replay.code()).isEqualTo(1);
    assertThat(replay.err()).endsWith("; 1 sent before that" + System.lineSeparator());
    assertThat(events()).hasSize(1);
  }

  @Test
  void thatAreNoLongerWholeStay() {
    refuse(record(7, "one", new byte[2 * DeadLetters.MIN_BYTES]), "TOO_LARGE");
    refuse(record(8, "one", GARBAGE), "TRUNCATED");

    CommandRun replay = run("replay", "0:0", "0:1");

    assertThat(replay.code()).isEqualTo(1);
    assertThat(replay.out()).isEqualToNormalizingNewlines("1 sent\n");
    assertThat(replay.err()).contains("letter 0:0: a part of it was cut off");
  }

  @Test
  void thatAreNotThereAreTold() {
    assertThat(run("show", "0:0").code()).isEqualTo(1);
    assertThat(run("show", "0:0").err()).contains("there is no letter 0:0");
    assertThat(run("replay", "0:0", "0:9").err()).contains("there is no letter 0:0, 0:9");
    refuse(record(7, "one", GARBAGE), "TRUNCATED");
    assertThat(run("show", "0:0", "--reason=empty").err())
        .contains("letter 0:0 is there, but not chosen by --reason, --topic and --run");
    assertThat(run("show", "0:0", "--reason=truncated").code()).isZero();
    assertThat(run("replay", "0:0", "--run=two").err())
        .contains("letter 0:0 is there, but not chosen");
    assertThat(run("list", "--reason=truncate").code()).isEqualTo(2);
    assertThat(run("list", "--reason=truncate").err())
        .contains("'truncate' is no reason; did you mean TRUNCATED?");
    assertThat(run("show", "xyz").code()).isEqualTo(2);
    assertThat(run("show", "xyz").err())
        .contains("'xyz' is no PARTITION:OFFSET, such as 0:17; list prints them");
    assertThat(run("replay", "0:00").code()).isEqualTo(2);
    assertThat(run("replay").code()).isEqualTo(2);
    assertThat(run("replay", "--all", "0:1").code()).isEqualTo(2);
    assertThat(run("replay", "--all", "--max-attempts=0").code()).isEqualTo(2);
    assertThat(CommandRun.of("dead-letters").code()).isEqualTo(2);
  }

  private static ConsumedRecord record(long offset, String run, byte[] value) {
    return new ConsumedRecord(
        EVENTS,
        1,
        offset,
        run.getBytes(UTF_8),
        value,
        List.of(new RecordHeader("trace", new byte[] {7}), new RecordHeader("none", null)));
  }

  /** A record whose trainer says that it was replayed seven times. */
  private static ConsumedRecord forged(long offset, String run, String origin) {
    ConsumedRecord honest = record(offset, run, GARBAGE);
    List<RecordHeader> headers = new ArrayList<>(honest.headers());
    headers.add(new RecordHeader("gradwatch.dead-letter.attempt", "7".getBytes(UTF_8)));
    headers.add(new RecordHeader("gradwatch.dead-letter.origin", origin.getBytes(UTF_8)));
    return new ConsumedRecord(EVENTS, 1, offset, honest.key(), GARBAGE, headers);
  }

  private void refuse(ConsumedRecord refused, String reason) {
    ProducedRecord letter =
        new DeadLetters(DeadLetters.MIN_BYTES)
            .of(refused, "decode", reason, new IOException("odd\nbytes"));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(letter.topic(), 0, TIME, letter.key(), letter.value());
    letter.headers().forEach(header -> record.headers().add(header.name(), header.value()));
    kafka.send(List.of(record));
  }

  /** What the job does with a record that was replayed and is as bad as before. */
  private void refuseAgain(ConsumerRecord<byte[], byte[]> record) {
    List<RecordHeader> headers = new ArrayList<>();
    record.headers().forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
    refuse(
        new ConsumedRecord(
            record.topic(),
            record.partition(),
            record.offset(),
            record.key(),
            record.value(),
            headers),
        "TRUNCATED");
  }

  private List<ConsumerRecord<byte[], byte[]>> events() {
    return kafka.readAll(EVENTS, IsolationLevel.READ_COMMITTED);
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    if (all.contains("replay")) {
      for (String patience : List.of("max.block.ms", "delivery.timeout.ms")) {
        all.add("--command-property=" + patience + "=" + KafkaCluster.PATIENCE.toMillis());
      }
    }
    return CommandRun.of(all.toArray(String[]::new));
  }
}

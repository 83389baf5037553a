package io.gradwatch.jobs.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLettersTest {
  private static final String EVENTS = "gradwatch.events.v1.default";
  private static final List<RecordHeader> HEADERS =
      List.of(new RecordHeader("trace", new byte[] {1, 2, 3}), new RecordHeader("none", null));
  private static final int HEADER_BYTES = (5 + 3 + 10) + (4 + 10);
  private static final int BOUND = DeadLetters.MIN_BYTES;

  /** Bytes a letter at the bound has for the refused record. */
  private static final int ROOM =
      letter(BOUND, new ConsumedRecord(EVENTS, 4, 77, null, new byte[2 * BOUND], List.of()))
          .value()
          .length;

  @Test
  void keepsTheRecordAndSaysWhereItLayAndWhy() {
    ConsumedRecord refused = record(new byte[] {9, 9});
    ProducedRecord letter =
        new DeadLetters(BOUND).of(refused, "decode", "MALFORMED", new IOException("loss is odd"));

    assertThat(letter.topic()).isEqualTo(Topics.DEAD_LETTERS);
    assertThat(letter.key()).isSameAs(refused.key());
    assertThat(letter.value()).isSameAs(refused.value());
    assertThat(letter.headers()).startsWith(HEADERS.get(0), HEADERS.get(1));
    assertThat(ours(letter))
        .containsExactly(
            Map.entry("gradwatch.dead-letter.topic", "gradwatch.events.v1.default"),
            Map.entry("gradwatch.dead-letter.partition", "4"),
            Map.entry("gradwatch.dead-letter.offset", "77"),
            Map.entry("gradwatch.dead-letter.stage", "decode"),
            Map.entry("gradwatch.dead-letter.reason", "MALFORMED"),
            Map.entry("gradwatch.dead-letter.exception", "java.io.IOException"),
            Map.entry("gradwatch.dead-letter.message", "loss is odd"),
            Map.entry("gradwatch.dead-letter.cut", ""));
  }

  @Test
  void saysAllThatItSaysAfterTheHeadersOfTheRecordWhateverTheyAreNamed() {
    List<RecordHeader> forged =
        ours(letter(BOUND, record(new byte[1]))).keySet().stream()
            .map(name -> RecordHeader.text(name, "forged"))
            .toList();
    ProducedRecord letter =
        letter(BOUND, new ConsumedRecord(EVENTS, 4, 77, null, new byte[1], forged));
    assertThat(letter.headers()).startsWith(forged.toArray(RecordHeader[]::new));
    assertThat(ours(letter)).hasSameSizeAs(forged).doesNotContainValue("forged");
  }

  @Test
  void keepsAnAbsentKeyAndAnAbsentValueAbsent() {
    ConsumedRecord tombstone = new ConsumedRecord("t", 0, 0, null, null, List.of());
    ProducedRecord letter =
        new DeadLetters(BOUND).of(tombstone, "decode", "EMPTY", new IOException());
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
    assertThat(ours(letter)).containsEntry(DeadLetters.CUT, "");
  }

  @Test
  void cutsNothingAtTheBound() {
    int all = ROOM - 3 - HEADER_BYTES;
    ProducedRecord letter = letter(BOUND, record(new byte[all]));
    assertThat(letter.value()).hasSize(all);
    assertThat(ours(letter)).containsEntry(DeadLetters.CUT, "");
  }

  @Test
  void cutsTheEndOfTheValueOneByteBeyondTheBound() {
    int all = ROOM - 3 - HEADER_BYTES;
    ProducedRecord letter = letter(BOUND, record(new byte[all + 1]));
    assertThat(letter.value()).hasSize(all);
    assertThat(ours(letter)).containsEntry(DeadLetters.CUT, "value " + (all + 1));
  }

  @Test
  void leavesOutHeadersThatAreTooLarge() {
    byte[] key = new byte[ROOM - HEADER_BYTES + 1];
    ProducedRecord letter =
        letter(BOUND, new ConsumedRecord(EVENTS, 4, 77, key, new byte[BOUND], HEADERS));
    assertThat(letter.headers()).doesNotContainAnyElementsOf(HEADERS);
    assertThat(letter.value()).hasSize(HEADER_BYTES - 1);
    assertThat(ours(letter))
        .containsEntry(DeadLetters.CUT, "headers " + HEADER_BYTES + ", value " + BOUND);
  }

  @Test
  void cutsAKeyThatIsTooLarge() {
    byte[] key = new byte[ROOM + 1];
    ProducedRecord letter =
        letter(BOUND, new ConsumedRecord(EVENTS, 4, 77, key, new byte[1], HEADERS));
    assertThat(letter.key()).hasSize(ROOM);
    assertThat(letter.value()).isEmpty();
    assertThat(ours(letter))
        .containsEntry(
            DeadLetters.CUT, "key " + (ROOM + 1) + ", headers " + HEADER_BYTES + ", value 1");
  }

  @ParameterizedTest
  @CsvSource({
    "200000, 'h',  0,       3,  248400",
    "200000, '',   0,       3,  248400",
    " 92000, '',   1,       3, 2000000",
    "     1, '\uFFFD', 1000000, 3, 1000",
    "     1, '\uFFFD', 0, 3, 1024000",
    "     0, '',   0, 2000000, 2000000",
    "     0, '',   0,       0, 2000000"
  })
  void kafkaNeverCountsMoreThanTheBound(
      int headers, String name, int valueOfHeader, int key, int value) {
    byte[] inHeader = new byte[valueOfHeader];
    String repeated = headers == 1 ? name.repeat(400_000) : name;
    ConsumedRecord hostile =
        new ConsumedRecord(
            "t".repeat(249),
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            new byte[key],
            new byte[value],
            Collections.nCopies(headers, new RecordHeader(repeated, inHeader)));
    for (int bound : List.of(DeadLetters.MIN_BYTES, 1_024_000)) {
      ProducedRecord letter =
          new DeadLetters(bound)
              .of(hostile, "decode", "UNKNOWN_FRAMING", new IOException("\uFFFD".repeat(10_000)));
      assertThat(bytesInKafka(letter)).isLessThanOrEqualTo(bound);
      assertThat(ours(letter)).containsKeys(DeadLetters.MESSAGE, DeadLetters.CUT);
    }
  }

  @Test
  void boundsTheMessage() {
    ProducedRecord letter =
        new DeadLetters(BOUND)
            .of(record(new byte[0]), "decode", "R", new IOException("x".repeat(10_000)));
    assertThat(ours(letter).get(DeadLetters.MESSAGE)).hasSize(512);
  }

  @Test
  void refusesABoundThatItsOwnHeadersMayNotKeep() {
    assertThatThrownBy(() -> new DeadLetters(4095))
        .hasMessage("maxBytes is 4095, must be at least 4096");
  }

  /** What the producer holds against max.request.size; a batch of one is never larger. */
  private static int bytesInKafka(ProducedRecord letter) {
    Header[] headers =
        letter.headers().stream()
            .map(
                header ->
                    new org.apache.kafka.common.header.internals.RecordHeader(
                        header.name(), header.value()))
            .toArray(Header[]::new);
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        CompressionType.NONE,
        letter.key(),
        letter.value(),
        headers);
  }

  private static ProducedRecord letter(int bound, ConsumedRecord refused) {
    return new DeadLetters(bound).of(refused, "decode", "R", new IOException("m"));
  }

  private static ConsumedRecord record(byte[] value) {
    return new ConsumedRecord(EVENTS, 4, 77, "run".getBytes(UTF_8), value, HEADERS);
  }

  private static Map<String, String> ours(ProducedRecord letter) {
    Map<String, String> ours = new LinkedHashMap<>();
    letter.headers().stream()
        .filter(header -> header.name().startsWith(DeadLetters.PREFIX))
        .forEach(header -> ours.put(header.name(), new String(header.value(), UTF_8)));
    return ours;
  }
}

package io.gradwatch.jobs.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.schemas.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final List<RecordHeader> HEADERS =
      List.of(new RecordHeader("trace", new byte[] {1, 2, 3}), new RecordHeader("none", null));
  private static final int KEY_AND_HEADERS = 3 + ("trace".length() + 3) + "none".length();

  @Test
  void keepsTheRecordAndSaysWhereItLayAndWhy() {
    ConsumedRecord refused = record(new byte[] {9, 9});
    ProducedRecord letter = new DeadLetters(1000).of(refused, "decode", "MALFORMED", "loss is odd");

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
            Map.entry("gradwatch.dead-letter.message", "loss is odd"));
  }

  @Test
  void keepsAnAbsentKeyAndAnAbsentValueAbsent() {
    ConsumedRecord tombstone = new ConsumedRecord("t", 0, 0, null, null, List.of());
    ProducedRecord letter = new DeadLetters(0).of(tombstone, "decode", "EMPTY", "");
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
    assertThat(ours(letter)).doesNotContainKey(DeadLetters.CUT);
  }

  @Test
  void cutsNothingAtTheBound() {
    ProducedRecord letter =
        new DeadLetters(KEY_AND_HEADERS + 10).of(record(new byte[10]), "decode", "R", "m");
    assertThat(letter.value()).hasSize(10);
    assertThat(ours(letter)).doesNotContainKey(DeadLetters.CUT);
  }

  @Test
  void cutsTheEndOfTheValueOneByteBeyondTheBound() {
    ProducedRecord letter =
        new DeadLetters(KEY_AND_HEADERS + 9).of(record(new byte[10]), "decode", "R", "m");
    assertThat(letter.value()).hasSize(9);
    assertThat(ours(letter)).containsEntry(DeadLetters.CUT, "value 10");
  }

  @Test
  void leavesOutHeadersThatAreTooLarge() {
    ProducedRecord letter = new DeadLetters(14).of(record(new byte[20]), "decode", "R", "m");
    assertThat(letter.headers()).doesNotContainAnyElementsOf(HEADERS);
    assertThat(letter.value()).hasSize(11);
    assertThat(ours(letter)).containsEntry(DeadLetters.CUT, "headers 12, value 20");
  }

  @Test
  void cutsAKeyThatIsTooLarge() {
    ProducedRecord letter = new DeadLetters(2).of(record(new byte[1]), "decode", "R", "m");
    assertThat(letter.key()).isEqualTo(new byte[] {'r', 'u'});
    assertThat(letter.value()).isEmpty();
    assertThat(ours(letter)).containsEntry(DeadLetters.CUT, "key 3, headers 12, value 1");
  }

  @Test
  void boundsTheMessage() {
    ProducedRecord letter =
        new DeadLetters(100).of(record(new byte[0]), "decode", "R", "x".repeat(10_000));
    assertThat(ours(letter).get(DeadLetters.MESSAGE)).hasSize(512);
  }

  @Test
  void refusesABoundBelowNothing() {
    assertThatThrownBy(() -> new DeadLetters(-1)).hasMessage("maxBytes is -1, must be at least 0");
  }

  private static ConsumedRecord record(byte[] value) {
    return new ConsumedRecord(
        "gradwatch.events.v1.default", 4, 77, "run".getBytes(UTF_8), value, HEADERS);
  }

  private static Map<String, String> ours(ProducedRecord letter) {
    Map<String, String> ours = new LinkedHashMap<>();
    letter.headers().stream()
        .filter(header -> header.name().startsWith(DeadLetters.PREFIX))
        .forEach(header -> ours.put(header.name(), new String(header.value(), UTF_8)));
    return ours;
  }
}

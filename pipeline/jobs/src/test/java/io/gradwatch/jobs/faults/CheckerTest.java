package io.gradwatch.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Samples;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The checker finds what is planted into a true result, and nothing else. */
class CheckerTest {
  private static final String RUN = "run";
  private static final List<Samples.Sent> EVENTS = Samples.explodingRun(RUN, 400);
  private static final Outputs TRUE = published(Checker.STATISTICS, values -> {});

  @SuppressWarnings("UnusedVariable") // @FieldSource reads it
  private static final List<String> AT_LEAST_ONCE =
      List.of(Checker.ALARMS, Checker.RECOMMENDATIONS, Topics.DEAD_LETTERS);

  @SuppressWarnings("UnusedVariable") // @FieldSource reads it
  private static final List<String> ONCE = List.of(Checker.STATISTICS, Samples.EVENTS);

  @SuppressWarnings("UnusedVariable") // @FieldSource reads it
  private static final List<String> TOPICS = Checker.TOPICS;

  @Test
  void findsNothingInATrueResult() {
    assertThat(Checker.violations(TRUE, published(Checker.ALARMS, values -> {}))).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("TOPICS")
  void findsALostRecord(String topic) {
    assertThat(found(topic, values -> values.remove(values.size() / 2)))
        .singleElement()
        .asString()
        .startsWith(topic + " of run: lost: ");
  }

  @ParameterizedTest
  @FieldSource("TOPICS")
  void findsARunThatIsNotThereAtAll(String topic) {
    assertThat(found(topic, List::clear)).first().asString().contains("lost: ");
  }

  @ParameterizedTest
  @FieldSource("ONCE")
  void findsARepeatedRecordWhereEachComesOnce(String topic) {
    assertThat(found(topic, values -> values.add(values.get(1))))
        .singleElement()
        .asString()
        .contains("2 times instead of 1: ");
  }

  @ParameterizedTest
  @FieldSource("ONCE")
  void findsAnotherOrderWhereEachComesOnce(String topic) {
    assertThat(found(topic, values -> values.add(0, values.remove(1))))
        .containsExactly(topic + " of run: all there, in another order");
  }

  @ParameterizedTest
  @FieldSource("AT_LEAST_ONCE")
  void allowsTheSameRecordAgainWhereItMayCome(String topic) {
    assertThat(found(topic, values -> values.addAll(List.copyOf(values)))).isEmpty();
  }

  @Test
  void findsAnAlarmThatCameAgainWithOtherContent() {
    assertThat(found(Checker.ALARMS, values -> values.add(changed(values.get(0)))))
        .singleElement()
        .asString()
        .startsWith(Checker.ALARMS + " of run: changed: alarm ");
  }

  @Test
  void findsChangedStatistics() {
    assertThat(found(Checker.STATISTICS, values -> values.set(1, changed(values.get(1)))))
        .hasSize(2)
        .first()
        .asString()
        .contains("lost: statistics of attempt 0 step ");
  }

  @ParameterizedTest
  @FieldSource("TOPICS")
  void findsARecordThatNobodyExpects(String topic) {
    Outputs found = published(topic, values -> {});
    found.add(topic, RecordEncoder.key("other"), new byte[] {1, 2, 3});
    assertThat(Checker.violations(TRUE, found))
        .singleElement()
        .asString()
        .startsWith(topic + " of other: not expected: ");
  }

  private static List<String> found(String topic, Consumer<List<String>> change) {
    return Checker.violations(TRUE, published(topic, change));
  }

  /** What the core says to the run, with a change in one topic. */
  private static Outputs published(String changedTopic, Consumer<List<String>> change) {
    Outputs truth = Outputs.straight(EVENTS);
    EVENTS.forEach(event -> truth.add(Samples.EVENTS, RecordEncoder.key(RUN), event.value()));
    Stream.of("a", "b", "c")
        .map(RecordEncoder::key)
        .forEach(value -> truth.add(Topics.DEAD_LETTERS, RecordEncoder.key(RUN), value));
    Outputs published = new Outputs();
    for (String topic : Checker.TOPICS) {
      List<String> values = new ArrayList<>(truth.of(topic).get(RUN));
      assertThat(values).as(topic).hasSizeGreaterThan(2);
      if (topic.equals(changedTopic)) {
        change.accept(values);
      }
      values.forEach(
          value -> published.add(topic, RecordEncoder.key(RUN), HexFormat.of().parseHex(value)));
    }
    return published;
  }

  /** Another last byte: of the text or number that is the record's last field. */
  private static String changed(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    bytes[bytes.length - 1] ^= 1;
    return HexFormat.of().formatHex(bytes);
  }
}

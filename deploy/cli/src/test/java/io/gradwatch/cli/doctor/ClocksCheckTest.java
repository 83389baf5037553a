package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.kafka.Excerpt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClocksCheckTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long MINUTE = 60_000;

  private final Site site = Sites.plain();
  private final ClocksCheck check =
      new ClocksCheck(site, new Samples(site, new Excerpt(Map.of(), Duration.ofSeconds(1)), 1));

  @Test
  void holdThisMachineAgainstTheController() {
    assertThat(machine(5_000, 0).severity()).isEqualTo(Severity.OK);
    assertThat(machine(5_001, 0).severity()).isEqualTo(Severity.PROBLEM);
    assertThat(machine(5_001, 1).severity()).isEqualTo(Severity.OK);
    assertThat(machine(-9_000, 10).found())
        .isEqualTo("9000 ms behind Kafka's controller, give or take 10 ms");
    assertThat(check.machine(new Clocks(OptionalLong.empty(), 0)).severity())
        .isEqualTo(Severity.NOTE);
  }

  @Test
  void nameRunsThatAreAheadByMoreThanAMinute() {
    assertThat(check.trainers("vision", List.of(emitted("a", NOW + MINUTE)), NOW))
        .extracting(Finding::severity)
        .containsExactly(Severity.OK);
    assertThat(
            check.trainers(
                "vision", List.of(emitted("a", NOW), emitted("b", NOW + MINUTE + 1)), NOW))
        .singleElement()
        .extracting(Finding::severity, Finding::found)
        .containsExactly(Severity.PROBLEM, "ahead: 'b' by 60 s");
  }

  @Test
  void tellRunsThatAreBehindOnlyByTheBrokersTime() {
    long old = NOW - 10 * MINUTE;
    Sample theirs = new Sample("0:0", "a", "v1", NOW, false, old, null, "");
    Sample brokers = new Sample("0:0", "a", "v1", NOW, true, old, null, "");

    assertThat(check.trainers("vision", List.of(theirs), NOW))
        .singleElement()
        .extracting(Finding::found)
        .asString()
        .contains("one that is behind cannot be told from a late one");
    assertThat(check.trainers("vision", List.of(brokers), NOW))
        .singleElement()
        .extracting(Finding::severity, Finding::found)
        .containsExactly(Severity.NOTE, "behind, or delayed on their way: 'a' by 600 s");
  }

  @Test
  void nameTenRunsAtMost() {
    List<Sample> many =
        IntStream.range(10, 22).mapToObj(i -> emitted("r" + i, NOW + 2 * MINUTE)).toList();

    assertThat(check.trainers("vision", many, NOW))
        .singleElement()
        .extracting(Finding::found)
        .asString()
        .contains("'r19'")
        .doesNotContain("'r20'")
        .endsWith(" and 2 more");
  }

  private Finding machine(long aheadMillis, long uncertaintyMillis) {
    return check.machine(new Clocks(OptionalLong.of(aheadMillis), uncertaintyMillis));
  }

  private static Sample emitted(String run, long atMillis) {
    return new Sample("0:0", run, "v1", NOW, false, atMillis, null, "");
  }
}

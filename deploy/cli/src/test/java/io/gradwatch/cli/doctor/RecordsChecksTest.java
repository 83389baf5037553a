package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.doctor.DeadLettersCheck.Letter;
import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.kafka.Excerpt;
import io.gradwatch.wire.UndecodableException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schemas, dead letters and transactions. */
class RecordsChecksTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long DAY = 86_400_000;

  private final Site site = Sites.plain();
  private final Excerpt excerpt = new Excerpt(Map.of(), Duration.ofSeconds(1));

  @Test
  void schemasAreCountedByVersionAndRefusalsByReason() {
    List<Finding> findings =
        new SchemasCheck(site, new Samples(site, excerpt, 1))
            .judge(
                "vision",
                List.of(
                    sample("v1", null),
                    sample("v2", null),
                    sample("v2", null),
                    sample("none named", Reason.TRUNCATED),
                    sample("id 7 of a registry", Reason.UNKNOWN_SCHEMA)));

    assertThat(findings)
        .satisfiesExactly(
            ok ->
                assertThat(ok.found()).isEqualTo("3 of the newest 5 events decode (v1: 1, v2: 2)"),
            unknown -> {
              assertThat(unknown.found()).endsWith("; written by id 7 of a registry");
              assertThat(unknown.remedy()).startsWith("upgrade readers first");
            },
            truncated -> {
              assertThat(truncated.found()).startsWith("TRUNCATED: 1 of the newest 5, such as 0:1");
              assertThat(truncated.remedy()).contains("dead-letters list --reason TRUNCATED");
            });
  }

  @Test
  void lettersOfTheLastDayAreCounted() {
    List<Finding> findings =
        new DeadLettersCheck(site, excerpt, 10)
            .judge(
                List.of(
                    new Letter("0:1", "EMPTY", NOW - 1),
                    new Letter("0:2", "EMPTY", NOW - DAY + 1),
                    new Letter("0:3", "EMPTY", NOW - DAY)),
                NOW);

    assertThat(findings)
        .singleElement()
        .extracting(Finding::severity, Finding::found)
        .containsExactly(
            Severity.NOTE,
            "2 of the newest 3 are of the last day; the newest is 0:1, 2001-09-09T01:46:39.999Z");
  }

  @Test
  void transactionsOfTheJobHaveToFitTheBrokers() {
    TransactionsCheck check = new TransactionsCheck(site);

    assertThat(check.judge(Map.of("transaction.max.timeout.ms", 600_000L)))
        .extracting(Finding::severity)
        .containsExactly(Severity.OK);
    assertThat(check.judge(Map.of("transaction.max.timeout.ms", 599_999L)))
        .singleElement()
        .extracting(Finding::severity, Finding::remedy)
        .satisfies(
            found -> {
              assertThat(found.get(0)).isEqualTo(Severity.PROBLEM);
              assertThat(found.get(1))
                  .asString()
                  .endsWith("gradwatch.transaction-timeout=299999ms");
            });
    assertThat(check.judge(Map.of("transactional.id.expiration.ms", 600_000L)))
        .extracting(Finding::severity)
        .containsExactly(Severity.PROBLEM);
  }

  private static Sample sample(String writer, Reason refused) {
    return new Sample("0:1", "run", writer, NOW, false, NOW, refused, "why");
  }
}

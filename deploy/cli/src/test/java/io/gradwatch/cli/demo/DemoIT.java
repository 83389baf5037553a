package io.gradwatch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.CommandRun;
import io.gradwatch.traces.BundledRuns;
import org.junit.jupiter.api.Test;

/** The demonstration as a user starts it, in this process. */
class DemoIT {

  @Test
  void showsCriticalAlarmsInTimeNoneForHealthyRunsAndAdviceForAll() {
    CommandRun run = CommandRun.of("demo", "--once", "--speed", "0");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    String summary = run.out().substring(run.out().indexOf("TRUTH"));
    for (String name : BundledRuns.names()) {
      assertThat(run.out())
          .containsPattern("(?m)^" + name + " +\\d+ +advice +COLD_START +.*clip at ");
      assertThat(summary).containsPattern("(?m)^" + name + " ");
    }
    assertThat(summary.lines().filter(line -> line.contains(" diverged ")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" in time"));
    assertThat(summary.lines().filter(line -> line.contains(" healthy ")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" quiet"));
  }

  @Test
  void namesTheBundledRuns() {
    CommandRun run = CommandRun.of("demo", "--list-runs");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).containsExactlyElementsOf(BundledRuns.names());
    assertThat(BundledRuns.names()).hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void refusesARunThatIsNotThereAndAnImpossiblePace() {
    assertThat(CommandRun.of("demo", "--runs", "none").code()).isEqualTo(2);
    assertThat(CommandRun.of("demo", "--speed", "-1").code()).isEqualTo(2);
    assertThat(CommandRun.of("demo", "--speed", "NaN").code()).isEqualTo(2);
  }
}

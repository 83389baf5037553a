package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GradwatchTest {

  @Test
  void tellsItsCommandsAndExitCodes() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("backtest", "pipe", "Exit codes:", "2   the command line");
  }

  @Test
  void tellsItsVersion() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("gradwatch ").contains("Java ");
  }

  @Test
  void refusesToDoNothing() {
    CommandRun run = CommandRun.of();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("a command is missing").contains("Usage: gradwatch");
  }

  @Test
  void refusesACommandItDoesNotKnow() {
    CommandRun run = CommandRun.of("backtset");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'backtset'", "Did you mean: gradwatch backtest");
  }

  @Test
  void tellsWhatIsWrongAndHowToUseItInALine() {
    CommandRun run = CommandRun.of("backtest", "--no-such-option", "a.csv");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            """
            Unknown option: '--no-such-option'
            Usage: gradwatch backtest [OPTIONS] FILE...  (all of it: gradwatch backtest --help)
            """);
  }
}

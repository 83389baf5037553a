package io.gradwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void drawsOneLineOverTenTimesASecond() {
    ProgressBar bar = bar(new Terminal(true, false, 60));

    bar.began(14);
    bar.advanced(14, 0.25);
    nanos.addAndGet(99_999_999);
    bar.advanced(28, 0.4);
    nanos.addAndGet(1);
    bar.advanced(1_234, 0.5);
    bar.finished(summary(Map.of(), true));

    assertThat(written())
        .isEqualTo(
            "\r\u001b[Kreplaying 14 runs [####............]  25 %         14 steps"
                + "\r\u001b[Kreplaying 14 runs [########........]  50 %      1,234 steps"
                + "\r\u001b[Kreplayed 14 runs, 2,000 steps in 1.5 s\n");
  }

  @Test
  void coloursWhereItMay() {
    ProgressBar bar = bar(new Terminal(true, true, 100));

    bar.began(1);
    bar.advanced(1, 1);

    assertThat(written())
        .contains("replaying 1 run [\u001b[32m" + "#".repeat(40) + "\u001b[0m] 100 %");
  }

  @Test
  void writesPlainLinesElsewhere() {
    ProgressBar bar = bar(new Terminal(false, false, 80));

    bar.began(2);
    bar.advanced(2, 0.5);
    bar.runFailed("a", "a.csv: line 3: no");
    bar.finished(summary(Map.of("a", "no"), false));

    assertThat(written())
        .isEqualTo(
            """
            replaying 2 runs
            cannot read on a: a.csv: line 3: no
            interrupted after 14 runs, 2,000 steps in 1.5 s, 1 not to the end
            """);
  }

  @Test
  void knowsATerminalByWhatItIsTold() {
    assertThat(Terminal.of(null, true, Map.of())).isEqualTo(new Terminal(true, true, 80));
    assertThat(Terminal.of(null, false, Map.of())).isEqualTo(new Terminal(false, false, 80));
    assertThat(Terminal.of("true", false, Map.of("COLUMNS", "120")))
        .isEqualTo(new Terminal(true, true, 120));
    assertThat(Terminal.of("false", true, Map.of("COLUMNS", "x")))
        .isEqualTo(new Terminal(false, false, 80));
    assertThat(Terminal.of(null, true, Map.of("NO_COLOR", "1", "COLUMNS", "1")))
        .isEqualTo(new Terminal(true, false, 20));
    assertThat(Terminal.of("true", true, Map.of("TERM", "dumb")))
        .isEqualTo(new Terminal(false, false, 80));
  }

  @Test
  void knowsATerminalByWhereStderrLeads(@TempDir Path folder) throws Exception {
    Path toTerminal = Files.createSymbolicLink(folder.resolve("1"), Path.of("/dev/pts/0"));
    Path toFile = Files.createSymbolicLink(folder.resolve("2"), Path.of("/var/log/x"));

    assertThat(Terminal.leadsToTerminal(toTerminal)).isTrue();
    assertThat(Terminal.leadsToTerminal(toFile)).isFalse();
    assertThat(Terminal.leadsToTerminal(folder.resolve("3"))).isFalse();
  }

  @Test
  void tellsTheRateOfWhatHasNoEnd() {
    ProgressBar bar =
        new ProgressBar(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            new Terminal(true, false, 80),
            ProgressBar.Words.LOAD,
            nanos::get);

    bar.began(1_000);
    nanos.addAndGet(2_000_000_000);
    bar.advanced(24_690, Double.NaN);
    bar.finished(summary(Map.of(), true));

    assertThat(written())
        .isEqualTo(
            "\r\u001b[Ksending 1,000 runs       24,690 steps     12,345/s"
                + "\r\u001b[Ksent 14 runs, 2,000 steps in 1.5 s\n");
  }

  private ProgressBar bar(Terminal terminal) {
    return new ProgressBar(
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        terminal,
        ProgressBar.Words.REPLAY,
        nanos::get);
  }

  private static PlaySummary summary(Map<String, String> failures, boolean complete) {
    return new PlaySummary(
        14, 2_000, 2_100, failures, complete, Duration.ofMillis(1_500), Duration.ZERO);
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

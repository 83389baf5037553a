package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TailProgressTest {
  private static final String ERASE = "\r\u001b[K";
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long nanos;

  private TailProgress progress(boolean interactive, int columns) {
    return new TailProgress(
        new PrintStream(written, true, StandardCharsets.UTF_8),
        new Terminal(interactive, false, columns),
        true,
        () -> nanos);
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static TailSummary summary(int runs, long steps) {
    return new TailSummary(runs, steps, steps + 1, 1, true);
  }

  @Test
  void drawsOneLineOverOnATerminal() {
    TailProgress progress = progress(true, 80);
    progress.looked(summary(0, 0));
    nanos += Duration.ofMillis(199).toNanos();
    progress.looked(summary(1, 5));
    nanos += Duration.ofMillis(1).toNanos();
    progress.looked(summary(1, 1_234));

    assertThat(written())
        .isEqualTo(
            ERASE
                + "no logs yet"
                + ERASE
                + "following 1 run, 1,234 steps, 1,235 events, 1 bad line; Ctrl-C ends");
  }

  @Test
  void isQuietElsewhereButForNotesAndTheEnd() {
    TailProgress progress = progress(false, 80);
    progress.looked(summary(1, 5));
    progress.note("a\u001b[2Jb");
    progress.finished(new TailSummary(2, 1, 3, 0, false));

    assertThat(written())
        .isEqualTo(
            "a\uFFFD[2Jb\n"
                + "published 2 runs, 1 step, 3 events; not all arrived, the next start sends them"
                + " again\n");
  }

  @Test
  void staysWithinTheTerminal() {
    progress(true, 20).looked(summary(1, 5));

    assertThat(written()).isEqualTo(ERASE + "following 1 run, 5 ");
  }
}

package io.gradwatch.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.Severity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;

class FindingsTableTest {
  private final StringWriter text = new StringWriter();

  @Test
  void alignsItsColumnsUnderOneHead() {
    FindingsTable table = new FindingsTable(new PrintWriter(text), Terminal.NONE, 5);

    table.alarm("run-1", 7, Severity.CRITICAL, "DIVERGENCE", "the loss left");
    table.alarm("r2", 12_345, Severity.INFO, "GRADIENT_SPIKE", "a spike");

    assertThat(text.toString().lines())
        .containsExactly(
            "RUN         STEP  LEVEL     KIND                WHAT",
            "run-1          7  CRITICAL  DIVERGENCE          the loss left",
            "r2         12345  INFO      GRADIENT_SPIKE      a spike");
  }

  @Test
  void cutsTheSentenceToTheTerminalAndColoursTheSeverity() {
    Terminal narrow = new Terminal(true, true, true, 70);
    FindingsTable table = new FindingsTable(new PrintWriter(text), narrow, 5);

    table.alarm("run-1", 7, Severity.CRITICAL, "DIVERGENCE", "a sentence that is far too long");

    assertThat(text.toString().lines().skip(1))
        .containsExactly(
            "run-1          7  \u001b[1;31mCRITICAL\u001b[0m  DIVERGENCE          a sentence that is fa…");
  }

  @Test
  void showsNamesHarmless() {
    FindingsTable table = new FindingsTable(new PrintWriter(text), Terminal.NONE, 10);

    table.alarm("a\u001b[2Jb", 7, Severity.INFO, "DIVERGENCE", "x\ny");

    assertThat(text.toString()).contains("a\uFFFD[2Jb").contains("x\uFFFDy");
  }

  @Test
  void stopsWhenNobodyReadsAnyMore() {
    PrintWriter out = new PrintWriter(Writer.nullWriter());
    out.close();
    FindingsTable table = new FindingsTable(out, Terminal.NONE, 5);

    assertThatThrownBy(() -> table.alarm("r", 1, Severity.INFO, "DIVERGENCE", ""))
        .isInstanceOf(OutputClosedException.class);
  }
}

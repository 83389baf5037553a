package io.gradwatch.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsWhatStandsInThem() {
    assertThat(print(Terminal.NONE))
        .isEqualTo("NAME   N  WHAT\nlong  12  a text that is long\nx      3  b\n");
  }

  @Test
  void aTerminalsEdgeCutsAndColoursAreNotCut() {
    assertThat(print(new Terminal(true, true, true, 20)).lines())
        .hasSize(3)
        .anyMatch(line -> line.equals("long  \u001b[32m12\u001b[0m  a text th…"));
  }

  private static String print(Terminal terminal) {
    TextTable table = new TextTable("NAME", " N", "WHAT");
    Style style = terminal.outStyle();
    table.add(
        TextTable.cell("long"),
        new TextTable.Cell("12", style::good),
        TextTable.cell("a text that is long"));
    table.add(TextTable.cell("x"), TextTable.cell(" 3".strip()), TextTable.cell("b"));
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out), terminal);
    return out.toString();
  }
}

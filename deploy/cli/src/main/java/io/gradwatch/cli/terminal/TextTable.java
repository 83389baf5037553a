package io.gradwatch.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rows in columns that are as wide as what stands in them; what would go past a terminal's edge is
 * cut, and a column in which nothing stands is left out. Every text is made harmless.
 */
public final class TextTable {
  private static final String GAP = "  ";

  /**
   * One cell.
   *
   * @param paint lays a style over the text, which it must not make wider
   */
  public record Cell(String text, UnaryOperator<String> paint) {}

  private final List<String> names;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * @param names heads of the columns; one that begins with a space stands over numbers
   */
  public TextTable(String... names) {
    this.names = List.of(names);
  }

  /** A cell without a style. */
  public static Cell cell(String text) {
    return new Cell(text, UnaryOperator.identity());
  }

  /** Adds a row, a cell for each column. */
  public void add(Cell... cells) {
    List<Cell> row = new ArrayList<>();
    for (Cell cell : cells) {
      row.add(new Cell(Style.harmless(cell.text()), cell.paint()));
    }
    rows.add(row);
  }

  /** Prints all of it. */
  public void print(PrintWriter out, Terminal terminal) {
    Style style = terminal.outStyle();
    int[] widths = widths();
    List<Cell> head = new ArrayList<>();
    names.forEach(name -> head.add(new Cell(name.strip(), style::dim)));
    int columns = terminal.out() ? terminal.columns() : Integer.MAX_VALUE;
    out.println(line(head, widths, columns));
    rows.forEach(row -> out.println(line(row, widths, columns)));
    out.flush();
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  private int[] widths() {
    int[] widths = new int[names.size()];
    for (int i = 0; i < widths.length; i++) {
      for (List<Cell> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).text().length());
      }
      if (widths[i] > 0) {
        widths[i] = Math.max(widths[i], names.get(i).strip().length());
      }
    }
    return widths;
  }

  private String line(List<Cell> cells, int[] widths, int columns) {
    StringBuilder line = new StringBuilder();
    int used = 0;
    for (int i = 0; i < cells.size(); i++) {
      if (widths[i] == 0) {
        continue;
      }
      boolean last = i == cells.size() - 1;
      String text = cells.get(i).text();
      int room = columns - used;
      if (room <= 0) {
        break;
      }
      int space = widths[i] - text.length();
      boolean ofNumbers = names.get(i).startsWith(" ");
      String before = ofNumbers ? " ".repeat(space) : "";
      String after = ofNumbers || last ? "" : " ".repeat(space);
      String cut = cut(text, room - before.length());
      line.append(before).append(cells.get(i).paint().apply(cut)).append(after);
      line.append(last ? "" : GAP);
      used += widths[i] + GAP.length();
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String text, int columns) {
    if (text.length() <= columns) {
      return text;
    }
    return columns <= 1 ? "" : text.substring(0, columns - 1) + "…";
  }
}

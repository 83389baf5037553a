package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsEveryCellWhereverABlockOfTheFileEnds(long seed) throws Exception {
    Random random = new Random(seed);
    List<List<String>> rows = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 300; row++) {
      List<String> cells = new ArrayList<>();
      for (int cell = 0; cell < 1 + random.nextInt(20); cell++) {
        cells.add("x" + "é7".repeat(random.nextInt(random.nextInt(100) == 0 ? 9_000 : 12)));
      }
      rows.add(cells);
      String separator = random.nextBoolean() ? "," : " ,\t";
      text.append(String.join(separator, cells));
      text.append(List.of("\n", "\r\n", "\r").get(random.nextInt(3)));
    }

    assertThat(read(new InPieces(text.toString(), random))).as("seed %d", seed).isEqualTo(rows);
  }

  private static List<List<String>> read(Reader in) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    try (CsvCells cells = new CsvCells(in, "text")) {
      while (cells.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < cells.count(); i++) {
          row.add(cells.cell(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Gives as few characters at a time as it likes. */
  private static final class InPieces extends Reader {
    private final Reader all;
    private final Random random;

    InPieces(String text, Random random) {
      this.all = new StringReader(text);
      this.random = random;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
      return all.read(target, offset, Math.min(length, 1 + random.nextInt(5_000)));
    }

    @Override
    public void close() throws IOException {
      all.close();
    }
  }
}

package io.gradwatch.console.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rolling statistics of loss and gradient norm as a table. */
final class StatisticsTable {
  private static final List<String> COLUMNS =
      List.of("last", "mean", "spread", "minimum", "p10", "p50", "p90", "p99", "maximum");

  /** One row. */
  record Row(String name, @Nullable Ink ink, Facts statistics) {}

  private StatisticsTable() {}

  static void write(Html page, List<Row> rows) {
    page.open("div", "scroll").open("table", "");
    page.head(
        List.of(
            "",
            " newest",
            " mean",
            " spread",
            " least",
            " 10 %",
            " median",
            " 90 %",
            " 99 %",
            " most",
            " growth a step"));
    page.open("tbody", "");
    for (Row row : rows) {
      page.open("tr", "").open("td", "");
      if (row.ink() != null) {
        page.swatch(row.ink());
      }
      page.plain(row.name()).close("td");
      for (String column : COLUMNS) {
        page.text("td", "n", Numbers.of(row.statistics().number(column)));
      }
      page.text("td", "n", Numbers.of(row.statistics().number("growth_rate")));
      page.close("tr");
    }
    page.close("tbody").close("table").close("div");
  }
}

package io.gradwatch.console.report;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Several runs side by side as a page that stands alone. */
final class ComparisonPage {
  private static final int MOST_ALARMS = 20;

  private final List<RunReportData> runs;
  private final String drawing;
  private final Html page;

  ComparisonPage(List<RunReportData> runs, String drawing) {
    this.runs = runs;
    this.drawing = drawing;
    this.page = new Html(runs.size() + " runs compared – Gradwatch report");
  }

  String html() {
    page.text("h1", "", runs.size() + " runs compared by step");
    page.drawing(drawing);
    overview();
    statistics("Loss", RunFigure.LOSS);
    statistics("Gradient norm", RunFigure.NORM);
    alarms();
    page.text(
        "p",
        "quiet",
        "Made by Gradwatch, " + Numbers.time(runs.get(0).madeAt().toEpochMilli()) + ".");
    return page.finish();
  }

  private void overview() {
    page.text("h2", "", "Runs").open("div", "card scroll").open("table", "");
    page.head(
        List.of(
            "run",
            "state",
            " step",
            " loss",
            " gradient norm",
            " clipped",
            " advised",
            " applied",
            " alarms",
            "clipping"));
    page.open("tbody", "");
    for (int i = 0; i < runs.size(); i++) {
      RunRow row = runs.get(i).run().row();
      page.open("tr", "").open("td", "").swatch(Ink.ofRun(i)).plain(runs.get(i).name()).close("td");
      page.open("td", "")
          .text("span", "badge " + RunPage.badge(row.state()), Numbers.words(row.state().name()))
          .close("td");
      page.text("td", "n", Numbers.step(row.step()))
          .text("td", "n", Numbers.of(row.loss()))
          .text("td", "n", Numbers.of(row.gradNorm()))
          .text("td", "n", Numbers.percent(row.clipShare()))
          .text("td", "n", Numbers.of(row.advisedThreshold()))
          .text("td", "n", Numbers.of(row.appliedThreshold()))
          .text("td", "n", Integer.toString(runs.get(i).run().alarms().size()))
          .text("td", "", Numbers.words(runs.get(i).run().clipMode()))
          .close("tr");
    }
    page.close("tbody").close("table").close("div");
  }

  private void statistics(String title, String name) {
    List<StatisticsTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      rows.add(
          new StatisticsTable.Row(
              runs.get(i).name(),
              Ink.ofRun(i),
              new Facts(runs.get(i).run().statistics()).part(name)));
    }
    page.text("h2", "", title).open("div", "card");
    StatisticsTable.write(page, rows);
    page.close("div");
  }

  private void alarms() {
    page.text("h2", "", "Alarms").open("div", "card");
    for (int i = 0; i < runs.size(); i++) {
      page.open("h3", "").swatch(Ink.ofRun(i)).plain(runs.get(i).name()).close("h3");
      List<AlarmView> alarms = runs.get(i).run().alarms();
      if (alarms.isEmpty()) {
        page.text("p", "quiet", "None.");
        continue;
      }
      page.open("ul", "");
      for (AlarmView alarm : alarms.subList(0, Math.min(MOST_ALARMS, alarms.size()))) {
        page.open("li", "")
            .text(
                "span",
                "badge " + alarm.severity().toLowerCase(Locale.ROOT),
                Numbers.words(alarm.kind()))
            .plain(
                " from step "
                    + Numbers.step(alarm.onsetStep())
                    + ", told at step "
                    + Numbers.step(alarm.openedStep())
                    + ": "
                    + alarm.summary())
            .close("li");
      }
      page.close("ul");
    }
    page.close("div");
  }
}

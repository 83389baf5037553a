package io.gradwatch.console.report;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunDetail.CheckpointView;
import io.gradwatch.console.api.RunDetail.OverflowView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The report of one run as a page that stands alone. */
final class RunPage {
  private static final List<String> GRAVEST_FIRST = List.of("CRITICAL", "WARNING", "INFO");
  private static final int MOST_CHECKPOINTS = 8;

  private final RunReportData data;
  private final RunDetail run;
  private final String drawing;
  private final Html page;

  RunPage(RunReportData data, String drawing) {
    this.data = data;
    this.run = data.run();
    this.drawing = drawing;
    this.page = new Html(data.name() + " – Gradwatch report");
  }

  String html() {
    header();
    overflow();
    page.drawing(drawing);
    alarms();
    advice();
    statistics();
    checkpoints();
    page.text(
        "p",
        "quiet",
        "Made by Gradwatch, "
            + Numbers.time(data.madeAt().toEpochMilli())
            + ". Steps are optimizer steps, norms L2; times are the trainer's.");
    return page.finish();
  }

  private void header() {
    RunRow row = run.row();
    page.text("h1", "", data.name());
    page.open("p", "").text("span", "badge " + badge(row.state()), words(row.state().name()));
    String outcome = Numbers.outcome(row);
    page.plain(
        " step "
            + Numbers.step(row.step())
            + (row.plannedSteps() == null ? "" : " of " + Numbers.step(row.plannedSteps()))
            + (outcome.isEmpty() ? "" : ", " + outcome)
            + ", reported "
            + Numbers.time(row.updatedAt()));
    page.close("p");
    page.open("div", "card").open("dl", "facts");
    page.fact("Loss", Numbers.of(row.loss()))
        .fact("Gradient norm", Numbers.of(row.gradNorm()))
        .fact("Growth of ln(norm) a step", Numbers.of(row.growthRate()))
        .fact("Recent steps clipped", Numbers.percent(row.clipShare()))
        .fact("Recent steps that advice would clip", Numbers.percent(row.adviceClipShare()))
        .fact("Steps a second", Numbers.of(row.stepsPerSecond()))
        .fact("Attempt", Integer.toString(row.attempt()))
        .fact("Started", Numbers.time(row.startedAt()))
        .fact("Owner", row.owner())
        .fact("Framework", row.framework())
        .fact("Ranks", run.worldSize() > 0 ? Integer.toString(run.worldSize()) : "")
        .fact("Layers", run.layerCount() > 0 ? Numbers.step(run.layerCount()) : "")
        .fact("Clipping", clipping())
        .fact("Norms are taken", normStage())
        .fact("Labels", labels());
    page.close("dl").close("div");
  }

  private String clipping() {
    Double threshold = run.clipThreshold();
    return words(run.clipMode()) + (threshold == null ? "" : " at " + Numbers.of(threshold));
  }

  private String normStage() {
    return switch (run.normStage()) {
      case "PRE_CLIP" -> "before clipping";
      case "POST_CLIP" -> "after clipping";
      default -> "";
    };
  }

  private String labels() {
    return run.row().tags().entrySet().stream()
        .map(tag -> tag.getKey() + "=" + tag.getValue())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private void overflow() {
    OverflowView overflow = run.overflow();
    if (overflow == null) {
      return;
    }
    long left = Math.max(0, Math.round(overflow.atStep() + overflow.steps() - run.row().step()));
    Double seconds = overflow.seconds();
    Double doubling = overflow.doublingSteps();
    page.open("div", "card alert")
        .text(
            "h3",
            "",
            "The gradient norm overflows in about "
                + Numbers.step(left)
                + " steps"
                + (seconds == null ? "" : ", " + Numbers.duration(seconds)))
        .text(
            "p",
            "",
            (doubling == null ? "" : "It doubles every " + Numbers.of(doubling) + " steps. ")
                + (overflow.low() == null || overflow.high() == null
                    ? ""
                    : "Told at step "
                        + Numbers.step(overflow.atStep())
                        + ": between "
                        + Numbers.of(overflow.low())
                        + " and "
                        + Numbers.of(overflow.high())
                        + " steps from there."))
        .close("div");
  }

  private void alarms() {
    page.text("h2", "", "Alarms");
    if (run.alarms().isEmpty()) {
      page.open("div", "card").text("p", "", "None.").close("div");
    }
    run.alarms().stream()
        .sorted(
            Comparator.comparingInt((AlarmView alarm) -> GRAVEST_FIRST.indexOf(alarm.severity()))
                .thenComparingLong(AlarmView::onsetStep))
        .forEach(alarm -> AlarmCard.write(page, alarm));
  }

  private void advice() {
    if (run.advice() == null) {
      return;
    }
    Facts advice = new Facts(run.advice());
    page.text("h2", "", "Clip advice").open("div", "card");
    page.text("p", "", advice.word("summary")).open("dl", "facts");
    Double factor = advice.number("learning_rate_factor");
    page.fact("Clip the global norm at", Numbers.of(advice.number("clip_threshold")))
        .fact("Clip each component at", Numbers.of(advice.number("clip_value")))
        .fact("Learning rate times", factor == null ? "" : Numbers.of(factor))
        .fact("Go back to step", advice.count("rollback_step"))
        .fact("Made at step", advice.count("made_at_step"))
        .fact("Holds up to step", advice.count("valid_until_step"))
        .fact("Usual norm", Numbers.of(advice.number("centre")))
        .fact("Spread of ln(norm)", Numbers.of(advice.number("spread")))
        .fact("Why", words(advice.word("reason")))
        .fact("The trainer", adviceUse());
    page.close("dl").close("div");
  }

  private String adviceUse() {
    return switch (run.row().adviceUse()) {
      case "FOLLOWED" -> "follows it";
      case "BOUNDED" -> "takes it, within bounds of its own";
      case "IGNORED" -> "does not follow it";
      default -> "";
    };
  }

  private void statistics() {
    if (run.statistics() == null) {
      return;
    }
    Facts all = new Facts(run.statistics());
    page.text("h2", "", "Statistics").open("div", "card").open("dl", "facts");
    page.fact("Steps seen", all.count("steps_seen"))
        .fact("Updates skipped", all.count("steps_skipped"))
        .fact("Steps with NaN or infinity", all.count("steps_nonfinite"))
        .fact("Steps clipped", all.count("steps_clipped"))
        .fact("Up to step", all.count("step"));
    page.close("dl");
    StatisticsTable.write(
        page,
        List.of(
            new StatisticsTable.Row("Loss", null, all.part("loss")),
            new StatisticsTable.Row("Gradient norm", null, all.part("grad_norm"))));
    page.close("div");
  }

  private void checkpoints() {
    List<CheckpointView> all = run.checkpoints();
    if (all.isEmpty()) {
      return;
    }
    page.text("h2", "", "Checkpoints").open("div", "card").open("table", "");
    page.head(List.of(" step", "where")).open("tbody", "");
    List<CheckpointView> newest =
        all.subList(Math.max(0, all.size() - MOST_CHECKPOINTS), all.size());
    for (CheckpointView checkpoint : newest) {
      page.open("tr", "")
          .text("td", "n", Numbers.step(checkpoint.step()))
          .text("td", "", checkpoint.uri())
          .close("tr");
    }
    page.close("tbody").close("table").close("div");
  }

  static String badge(RunState state) {
    return switch (state) {
      case CRITICAL -> "critical";
      case SILENT, WATCH -> "warning";
      case HEALTHY -> "healthy";
      case ENDED -> "";
    };
  }

  private static String words(String name) {
    return Numbers.words(name);
  }
}

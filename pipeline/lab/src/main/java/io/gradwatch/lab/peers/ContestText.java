package io.gradwatch.lab.peers;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.backtest.score.ScoreText;
import io.gradwatch.backtest.score.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A contest as a table (Markdown, as the README has it) and as lines of JSON. */
final class ContestText {
  static final String GRADWATCH = "Gradwatch";

  private ContestText() {}

  /** A line each rule, Gradwatch last. */
  static List<String> table(Contest contest) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| rule | diverged in time | delay on abrupt faults | false pages per 10k steps"
            + " | false warnings per 10k | spikes | stalls + overfits | score |");
    lines.add("|---|---|---|---|---|---|---|---|");
    contest.peers().forEach((peer, card) -> lines.add(row(peer.label(), card, "%s")));
    lines.add(row(GRADWATCH, contest.gradwatch(), "**%s**"));
    return lines;
  }

  private static String row(String name, Scorecard card, String mark) {
    double delay = card.abruptDelays().median();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %.2f | %s | %s | %s |",
        mark.formatted(name),
        card.inTime(),
        Double.isNaN(delay) ? "none seen" : String.format(Locale.ROOT, "%.0f", delay),
        card.falsePagesPer10k(),
        card.falseWarningsPer10k(),
        card.spikesNoticed(),
        card.stallsNoticed() + " + " + card.overfitsNoticed(),
        mark.formatted(String.format(Locale.ROOT, "%.3f", card.score())));
  }

  /** A line each rule, with every figure under its own name. */
  static List<String> json(Contest contest) {
    List<String> lines = new ArrayList<>();
    contest.peers().forEach((peer, card) -> lines.add(json(peer.label(), card)));
    lines.add(json(GRADWATCH, contest.gradwatch()));
    return lines;
  }

  private static String json(String name, Scorecard card) {
    String figures = ScoreText.json(card, false).substring(1);
    return JsonText.string(new StringBuilder("{\"rule\":"), name).append(',') + figures;
  }
}

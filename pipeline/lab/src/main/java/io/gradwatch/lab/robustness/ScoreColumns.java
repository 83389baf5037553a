package io.gradwatch.lab.robustness;

import io.gradwatch.backtest.score.Scorecard;

/** The figures of a scorecard beside each other, as cells of a table in Markdown. */
final class ScoreColumns {
  static final String HEAD =
      "in time | false pages | false warnings | spikes noticed | stalls, overfits noticed";
  static final String RULE = "---|---|---|---|---|";

  private ScoreColumns() {}

  static String of(Scorecard card) {
    return String.join(
        " | ",
        card.inTime().toString(),
        Integer.toString(card.falsePages()),
        Integer.toString(card.falseWarnings()),
        card.spikesNoticed().toString(),
        card.stallsNoticed() + ", " + card.overfitsNoticed());
  }
}

package io.gradwatch.backtest.score;

import io.gradwatch.backtest.JsonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A scorecard in lines, the same as {@code score.py} prints but for words in the place of its
 * {@code nan}, and as a line of JSON.
 */
public final class ScoreText {
  /** False pages told one by one for each run. */
  private static final int PAGES_TOLD = 5;

  /** What stands where there is nothing to take a median of. */
  private static final String NONE = "none";

  private ScoreText() {}

  /** Four lines, the score last. */
  public static List<String> summary(Scorecard card) {
    return List.of(
        "diverged in time %s (mean over scenarios %s), lead steps %s, delay on abrupt faults %s"
            .formatted(
                card.inTime(),
                decimal(card.recall(), 3),
                leads(card.leads()),
                delays(card.abruptDelays())),
        "false pages %d in %d steps = %s per 10k; false warnings %d = %s per 10k; escalated spikes %s"
            .formatted(
                card.falsePages(),
                card.watchedSteps(),
                decimal(card.falsePagesPer10k(), 2),
                card.falseWarnings(),
                decimal(card.falseWarningsPer10k(), 2),
                card.spikesEscalated()),
        "spikes noticed %s, stalls noticed %s, overfits noticed %s"
            .formatted(card.spikesNoticed(), card.stallsNoticed(), card.overfitsNoticed()),
        "score " + decimal(card.score(), 3));
  }

  private static String leads(Scorecard.StepCounts leads) {
    return Double.isNaN(leads.median())
        ? NONE + " (no diverged run was paged)"
        : "median %s p10 %s".formatted(whole(leads.median()), whole(leads.tenthPercentile()));
  }

  private static String delays(Scorecard.StepCounts delays) {
    return Double.isNaN(delays.median())
        ? NONE + " (none was paged)"
        : "median " + whole(delays.median());
  }

  /** A line each scenario of diverged runs, then what became of each run; both by name. */
  public static List<String> perScenario(Scorecard card) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(card.inTimeByScenario())
        .forEach((name, share) -> lines.add("  %-24s in time %s".formatted(name, share)));
    Map<String, String> runs = new TreeMap<>();
    for (RunScore run : card.runs()) {
      String name = run.truth().run();
      Response response = run.response();
      if (response != null) {
        // What Python prints where there is no number.
        String steps = response.steps() == null ? "None" : response.steps().toString();
        runs.put(name, response.verdict().words() + " " + steps);
      }
      if (!run.falsePages().isEmpty()) {
        List<Long> told = run.falsePages().stream().limit(PAGES_TOLD).toList();
        runs.put(name + " (false page)", run.truth().scenario() + " " + told);
      }
    }
    runs.forEach((run, text) -> lines.add("  %-40s %s".formatted(run, text)));
    return lines;
  }

  /** A line each figure, of two scorecards in two columns named A and B. */
  public static List<String> sideBySide(Scorecard a, Scorecard b) {
    Map<String, Function<Scorecard, Object>> figures = new LinkedHashMap<>();
    figures.put("", card -> card == a ? "A" : "B");
    figures.put("diverged in time", Scorecard::inTime);
    figures.put("mean over scenarios", card -> decimal(card.recall(), 3));
    figures.put("lead steps, median", card -> whole(card.leads().median()));
    figures.put("delay on abrupt faults, median", card -> whole(card.abruptDelays().median()));
    figures.put("false pages", Scorecard::falsePages);
    figures.put("false pages per 10k", card -> decimal(card.falsePagesPer10k(), 2));
    figures.put("false warnings", Scorecard::falseWarnings);
    figures.put("false warnings per 10k", card -> decimal(card.falseWarningsPer10k(), 2));
    figures.put("spikes noticed", Scorecard::spikesNoticed);
    figures.put("spikes escalated", Scorecard::spikesEscalated);
    figures.put("stalls noticed", Scorecard::stallsNoticed);
    figures.put("overfits noticed", Scorecard::overfitsNoticed);
    figures.put("score", card -> decimal(card.score(), 3));
    List<String> lines = new ArrayList<>();
    figures.forEach(
        (name, figure) ->
            lines.add("%-32s %8s %8s".formatted(name, figure.apply(a), figure.apply(b))));
    return lines;
  }

  /**
   * One object: every figure under its own name, null where there is none.
   *
   * @param perScenario also {@code scenarios} and {@code runs}, objects by name
   */
  public static String json(Scorecard card, boolean perScenario) {
    StringBuilder out = new StringBuilder("{\"score\":");
    JsonText.number(out, card.score());
    field(out, "diverged", card.inTime().total());
    field(out, "diverged_in_time", card.inTime().count());
    field(out, "recall", card.recall());
    field(out, "lead_steps_median", card.leads().median());
    field(out, "lead_steps_p10", card.leads().tenthPercentile());
    field(out, "abrupt_delay_steps_median", card.abruptDelays().median());
    field(out, "steps", card.watchedSteps());
    field(out, "false_pages", card.falsePages());
    field(out, "false_pages_per_10k", card.falsePagesPer10k());
    field(out, "false_warnings", card.falseWarnings());
    field(out, "false_warnings_per_10k", card.falseWarningsPer10k());
    field(out, "spikes", card.spikesNoticed().total());
    field(out, "spikes_noticed", card.spikesNoticed().count());
    field(out, "spikes_escalated", card.spikesEscalated().count());
    field(out, "stalls", card.stallsNoticed().total());
    field(out, "stalls_noticed", card.stallsNoticed().count());
    field(out, "overfits", card.overfitsNoticed().total());
    field(out, "overfits_noticed", card.overfitsNoticed().count());
    if (perScenario) {
      scenarios(out.append(",\"scenarios\":{"), card);
      runs(out.append("},\"runs\":{"), card);
      out.append('}');
    }
    return out.append('}').toString();
  }

  private static void scenarios(StringBuilder out, Scorecard card) {
    String separator = "";
    for (Map.Entry<String, Share> scenario : card.inTimeByScenario().entrySet()) {
      JsonText.string(out.append(separator), scenario.getKey());
      out.append(":{\"diverged\":").append(scenario.getValue().total());
      field(out, "diverged_in_time", scenario.getValue().count());
      out.append('}');
      separator = ",";
    }
  }

  private static void runs(StringBuilder out, Scorecard card) {
    String separator = "";
    for (RunScore run : card.runs()) {
      JsonText.string(out.append(separator), run.truth().run()).append(":{\"scenario\":");
      JsonText.string(out, run.truth().scenario());
      out.append(",\"outcome\":\"").append(run.truth().outcome()).append('"');
      Response response = run.response();
      if (response != null) {
        out.append(",\"verdict\":\"").append(response.verdict()).append('"');
        out.append(",\"steps\":").append(response.steps());
      }
      field(out, "spikes", run.spikesNoticed().total());
      field(out, "spikes_noticed", run.spikesNoticed().count());
      out.append(",\"false_pages\":").append(run.falsePages());
      field(out, "false_warnings", run.falseWarnings());
      out.append('}');
      separator = ",";
    }
  }

  private static void field(StringBuilder out, String name, long value) {
    out.append(",\"").append(name).append("\":").append(value);
  }

  private static void field(StringBuilder out, String name, double value) {
    out.append(",\"").append(name).append("\":");
    out.append(Double.isNaN(value) ? "null" : Double.toString(value));
  }

  /** Rounds the double itself, halves to even, as Python and C do. */
  private static String decimal(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String whole(double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%.0f", value);
  }
}

package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the truth about recorded runs. */
public final class RunLabels {
  private static final String STEP = "a step, a whole number of at least 0, or null";
  private static final String SPIKES = "a list of pairs [first step, last step]";

  private RunLabels() {}

  /**
   * Reads a JSON object of run id to label: {@code outcome} (must be there), {@code scenario},
   * {@code steps}, {@code onset_step}, {@code failure_step}, {@code spikes} (pairs of first and
   * last step), {@code eval_rise}; other fields are passed over, null is as absent.
   *
   * @return in the order of the file
   * @throws IOException when it is not JSON of that form; the message names the run and the field
   */
  public static Map<String, RunLabel> read(InputStream in) throws IOException {
    Map<String, RunLabel> labels = new LinkedHashMap<>();
    try (JsonParser parser = JsonRows.FACTORY.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no labels: there must be a JSON object of run id to label");
      }
      String run = parser.nextFieldName();
      while (run != null) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw refusal(run, "label", parser, "a JSON object");
        }
        labels.put(run, label(run, parser));
        run = parser.nextFieldName();
      }
    }
    return labels;
  }

  private static RunLabel label(String run, JsonParser parser) throws IOException {
    String scenario = null;
    Long steps = null;
    RunLabel.Outcome outcome = null;
    Long onset = null;
    Long failure = null;
    List<RunLabel.Spike> spikes = List.of();
    double evalRise = 1;
    String field = parser.nextFieldName();
    while (field != null) {
      boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
      switch (field) {
        case "scenario" -> scenario = isNull ? null : parser.getText();
        case "steps" -> steps = step(run, field, parser);
        case "outcome" -> outcome = outcome(run, parser);
        case "onset_step" -> onset = step(run, field, parser);
        case "failure_step" -> failure = step(run, field, parser);
        case "spikes" -> spikes = isNull ? List.of() : spikes(run, parser);
        case "eval_rise" -> evalRise = isNull ? 1 : number(run, field, parser);
        default -> parser.skipChildren();
      }
      field = parser.nextFieldName();
    }
    if (outcome == null) {
      throw new IOException("the label of run '" + run + "' has no outcome");
    }
    return new RunLabel(scenario, steps, outcome, onset, failure, spikes, evalRise);
  }

  private static RunLabel.Outcome outcome(String run, JsonParser parser) throws IOException {
    for (RunLabel.Outcome outcome : RunLabel.Outcome.values()) {
      if (outcome.name().toLowerCase(Locale.ROOT).equals(parser.getText())) {
        return outcome;
      }
    }
    throw refusal(
        run,
        "outcome",
        parser,
        "one of " + List.of(RunLabel.Outcome.values()).toString().toLowerCase(Locale.ROOT));
  }

  private static @Nullable Long step(String run, String field, JsonParser parser)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() < 0) {
      throw refusal(run, field, parser, STEP);
    }
    return parser.getLongValue();
  }

  private static double number(String run, String field, JsonParser parser) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw refusal(run, field, parser, "a number");
    }
    return parser.getDoubleValue();
  }

  private static List<RunLabel.Spike> spikes(String run, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw refusal(run, "spikes", parser, SPIKES);
    }
    List<RunLabel.Spike> spikes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw refusal(run, "spikes", parser, SPIKES);
      }
      parser.nextToken();
      Long first = step(run, "spikes", parser);
      parser.nextToken();
      Long last = step(run, "spikes", parser);
      if (first == null || last == null || parser.nextToken() != JsonToken.END_ARRAY) {
        throw refusal(run, "spikes", parser, SPIKES);
      }
      spikes.add(new RunLabel.Spike(first, last));
    }
    return spikes;
  }

  private static IOException refusal(String run, String field, JsonParser parser, String allowed)
      throws IOException {
    return new IOException(
        "the label of run '"
            + TraceFormatException.printable(run)
            + "', line "
            + parser.currentTokenLocation().getLineNr()
            + ": "
            + field
            + " is '"
            + TraceFormatException.printable(parser.getText())
            + "'; allowed: "
            + allowed);
  }
}

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
  private RunLabels() {}

  /**
   * Reads a JSON object of run id to label: {@code outcome}, {@code onset_step}, {@code
   * failure_step}, {@code spikes} (pairs of first and last step); other fields are passed over.
   *
   * @return in the order of the file
   * @throws IOException when it is not JSON or an outcome is not known
   */
  public static Map<String, RunLabel> read(InputStream in) throws IOException {
    Map<String, RunLabel> labels = new LinkedHashMap<>();
    try (JsonParser parser = JsonRows.FACTORY.createParser(in)) {
      parser.nextToken();
      String name = parser.nextFieldName();
      while (name != null) {
        parser.nextToken();
        labels.put(name, label(parser));
        name = parser.nextFieldName();
      }
    }
    return labels;
  }

  private static RunLabel label(JsonParser parser) throws IOException {
    RunLabel.Outcome outcome = RunLabel.Outcome.AMBIGUOUS;
    Long onset = null;
    Long failure = null;
    List<RunLabel.Spike> spikes = List.of();
    String field = parser.nextFieldName();
    while (field != null) {
      JsonToken value = parser.nextToken();
      switch (field) {
        case "outcome" -> outcome = outcome(parser.getText());
        case "onset_step" -> onset = step(parser, value);
        case "failure_step" -> failure = step(parser, value);
        case "spikes" -> spikes = spikes(parser);
        default -> parser.skipChildren();
      }
      field = parser.nextFieldName();
    }
    return new RunLabel(outcome, onset, failure, spikes);
  }

  private static RunLabel.Outcome outcome(String text) throws IOException {
    try {
      return RunLabel.Outcome.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "outcome is '" + text + "', it must be one of " + List.of(RunLabel.Outcome.values()), e);
    }
  }

  private static @Nullable Long step(JsonParser parser, JsonToken value) throws IOException {
    return value == JsonToken.VALUE_NULL ? null : parser.getLongValue();
  }

  private static List<RunLabel.Spike> spikes(JsonParser parser) throws IOException {
    List<RunLabel.Spike> spikes = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_ARRAY) {
      long first = parser.nextLongValue(0);
      long last = parser.nextLongValue(0);
      spikes.add(new RunLabel.Spike(first, last));
      parser.nextToken();
    }
    return spikes;
  }
}

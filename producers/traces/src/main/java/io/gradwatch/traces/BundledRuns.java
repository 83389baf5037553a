package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recorded runs that come with the product: real trainings of small networks with their truth. */
public final class BundledRuns {
  private static final String FOLDER = "runs/";
  private static final Map<String, RunLabel> LABELS = readLabels();

  private BundledRuns() {}

  /** Names of the runs, which are their run ids: diverging ones first, healthy ones last. */
  public static List<String> names() {
    return List.copyOf(LABELS.keySet());
  }

  /**
   * The truth about a run.
   *
   * @throws IllegalArgumentException when there is no run of that name
   */
  public static RunLabel label(String name) {
    RunLabel label = LABELS.get(name);
    if (label == null) {
      throw new IllegalArgumentException("no bundled run '" + name + "'; there are " + names());
    }
    return label;
  }

  /**
   * Opens a run.
   *
   * @throws IllegalArgumentException when there is no run of that name
   */
  public static RecordedRun open(String name) throws IOException {
    label(name);
    String file = name + ".csv.gz";
    try (InputStream in = resource(file)) {
      byte[] bytes = in.readAllBytes();
      return RecordedRuns.open(file, name, file, new ByteArrayInputStream(bytes), bytes.length);
    }
  }

  private static InputStream resource(String file) {
    InputStream in = BundledRuns.class.getResourceAsStream(FOLDER + file);
    if (in == null) {
      throw new IllegalStateException("resource " + FOLDER + file + " is missing");
    }
    return in;
  }

  private static Map<String, RunLabel> readLabels() {
    Map<String, RunLabel> labels = new LinkedHashMap<>();
    try (InputStream in = resource("truth.json");
        JsonParser parser = JsonRows.FACTORY.createParser(in)) {
      parser.nextToken();
      String name = parser.nextFieldName();
      while (name != null) {
        parser.nextToken();
        labels.put(name, label(parser));
        name = parser.nextFieldName();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
        case "outcome" ->
            outcome = RunLabel.Outcome.valueOf(parser.getText().toUpperCase(Locale.ROOT));
        case "onset_step" -> onset = step(parser, value);
        case "failure_step" -> failure = step(parser, value);
        case "spikes" -> spikes = spikes(parser);
        default -> parser.skipChildren();
      }
      field = parser.nextFieldName();
    }
    return new RunLabel(outcome, onset, failure, spikes);
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

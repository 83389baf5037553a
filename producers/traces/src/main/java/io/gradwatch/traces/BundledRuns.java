package io.gradwatch.traces;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

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
    try (InputStream in = resource("truth.json")) {
      return RunLabels.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

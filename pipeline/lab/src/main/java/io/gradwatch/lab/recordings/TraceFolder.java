package io.gradwatch.lab.recordings;

import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of recorded runs with their {@code labels.json}.
 *
 * @param labels the truth about each run that is there, by run id, in the order of the labels
 * @param files its recording
 */
public record TraceFolder(Map<String, RunLabel> labels, Map<String, Path> files) {
  /**
   * The recordings of this module; a command line reads it, with the folder that its script tells.
   */
  public static final String DEFAULT = "${sys:lab.home:-.}/traces/dev";

  /**
   * Reads the labels and finds the recordings.
   *
   * @throws IOException when a label has no recording, or a recording no label
   */
  public static TraceFolder open(Path folder) throws IOException {
    Map<String, Path> found = new LinkedHashMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(RecordedRuns::isRecordedRun).sorted().toList()) {
        found.put(RecordedRuns.runId(file), file);
      }
    }
    Map<String, RunLabel> labels;
    try (InputStream in = Files.newInputStream(folder.resolve("labels.json"))) {
      labels = RunLabels.read(in);
    }
    if (!found.keySet().equals(labels.keySet())) {
      throw new IOException(
          folder
              + ": labels.json names "
              + labels.size()
              + " runs, the folder holds "
              + found.size()
              + " recordings; they must be the same runs");
    }
    return new TraceFolder(labels, found);
  }

  /** Where a run is recorded. */
  public Path file(String run) {
    Path file = files.get(run);
    if (file == null) {
      throw new IllegalArgumentException("there is no run '" + run + "'");
    }
    return file;
  }
}

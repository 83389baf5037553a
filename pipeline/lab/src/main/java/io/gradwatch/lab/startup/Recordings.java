package io.gradwatch.lab.startup;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RecordedRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recorded runs as what the tool is given to read. */
final class Recordings {
  private Recordings() {}

  /**
   * The first of a folder's recordings, by name.
   *
   * @throws IOException when there are fewer
   */
  static List<Path> first(int count, Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(RecordedRuns::isRecordedRun).sorted().limit(count).toList();
      if (files.size() < count) {
        throw new IOException(
            folder + " holds " + files.size() + " recordings; asked for " + count);
      }
      return files;
    }
  }

  /** How many values of single layers a recording holds, over all series of layers. */
  static long layerValues(Path file) throws IOException {
    long count = 0;
    try (RecordedRun run = RecordedRuns.open(file)) {
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        if (event.getBody() instanceof StepCompleted step) {
          count +=
              size(step.getLayerGradNorms())
                  + size(step.getLayerWeightNorms())
                  + size(step.getLayerUpdateNorms())
                  + size(step.getLayerZeroFractions());
        }
      }
    }
    return count;
  }

  /** The first steps of a recording as lines for {@code gradwatch pipe}. */
  static List<String> lines(Path file, int count) throws IOException {
    List<String> lines = new ArrayList<>();
    try (RecordedRun run = RecordedRuns.open(file)) {
      for (TrainingEvent event = run.next();
          event != null && lines.size() < count;
          event = run.next()) {
        if (event.getBody() instanceof StepCompleted step) {
          lines.add(line(event, step));
        }
      }
    }
    return lines;
  }

  private static String line(TrainingEvent event, StepCompleted step) {
    StringBuilder out = new StringBuilder("{\"run\":");
    JsonText.string(out, event.getRunId()).append(",\"step\":").append(event.getStep());
    number(out.append(",\"loss\":"), step.getLoss());
    number(out.append(",\"grad_norm\":"), step.getGradNorm());
    number(out.append(",\"learning_rate\":"), step.getLearningRate());
    return out.append('}').toString();
  }

  private static void number(StringBuilder out, @Nullable Double value) {
    if (value == null) {
      out.append("null");
    } else {
      JsonText.number(out, (double) value);
    }
  }

  private static int size(@Nullable Collection<?> values) {
    return values == null ? 0 : values.size();
  }
}

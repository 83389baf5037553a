package io.gradwatch.traces;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Recordings written down in a test. */
final class TraceFiles {
  private TraceFiles() {}

  static List<TrainingEvent> csv(String text) throws IOException {
    return read("run.csv", text);
  }

  static List<TrainingEvent> jsonl(String text) throws IOException {
    return read("run.jsonl", text);
  }

  /** The steps of a CSV recording. */
  static List<StepCompleted> steps(String csv) throws IOException {
    return bodies(csv(csv), StepCompleted.class);
  }

  static <T> List<T> bodies(List<TrainingEvent> events, Class<T> type) {
    return events.stream()
        .map(TrainingEvent::getBody)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  static List<TrainingEvent> all(RecordedRun run) throws IOException {
    List<TrainingEvent> events = new ArrayList<>();
    for (TrainingEvent event = run.next(); event != null; event = run.next()) {
      events.add(event);
    }
    return events;
  }

  private static List<TrainingEvent> read(String file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (RecordedRun run =
        RecordedRuns.open(file, "run", file, new ByteArrayInputStream(bytes), bytes.length)) {
      return all(run);
    }
  }
}

package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.RunEnded;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.RecordedRun;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedRunTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"dev-div_lr_spike-01", "dev-healthy_fp16_scaler-01", "dev-healthy_resume-00"})
  void aTrainingThatIsFollowedIsTheOneThatIsReplayed(String name) throws Exception {
    Path log = folder.resolve(name + ".csv");
    try (InputStream in =
        new GZIPInputStream(BundledRuns.class.getResourceAsStream("runs/" + name + ".csv.gz"))) {
      Files.copy(in, log);
    }
    List<TrainingEvent> recorded = new ArrayList<>();
    try (RecordedRun run = BundledRuns.open(name)) {
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        if (!(event.getBody() instanceof RunEnded)) {
          event.setEmittedAt(1_000);
          recorded.add(event);
        }
      }
    }
    try (Tailing tailing =
        new Tailing(
            LineLogs.csv(log, null, FieldNames.common()), folder.resolve("positions.json"))) {
      tailing.look();
      tailing.events().all().forEach(event -> event.setEmittedAt(1_000));

      assertThat(tailing.events().all()).isEqualTo(recorded);
      assertThat(tailing.notes()).isEmpty();
    }
  }
}

package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events as the Python library writes them; {@code test_golden_bytes.py} holds it to these files.
 */
class PythonBytesTest {
  private static final Path FOLDER = Path.of("../producers/python/tests/golden");
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);

  @Test
  void areThere() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "python-AdviceApplied.bin",
              "python-CheckpointSaved.bin",
              "python-EvaluationCompleted.bin",
              "python-RunStarted.bin",
              "python-StepCompleted.bin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AdviceApplied",
        "CheckpointSaved",
        "EvaluationCompleted",
        "RunStarted",
        "StepCompleted"
      })
  void areThoseThatJavaWritesForThem(String body) throws IOException, RecordFormatException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve("python-" + body + ".bin"));

    assertThat(CODEC.encode(CODEC.decode(bytes))).isEqualTo(bytes);
  }

  @Test
  void holdWhatPythonSays() throws IOException, RecordFormatException {
    TrainingEvent event = read("StepCompleted");
    StepCompleted step = (StepCompleted) event.getBody();

    assertThat(event.getRunId()).isEqualTo("лёгкая-🚀");
    assertThat(event.getRank()).isNull();
    assertThat(step.getLoss()).isEqualTo(2);
    assertThat(step.getGradNorm()).isEqualTo(0.1);
    assertThat(step.getUpdateSkipped()).isFalse();
    assertThat(step.getLearningRate()).isNull();
    assertThat(step.getLayerGradNorms()).hasSize(1_000).endsWith(998 / 8f, 999 / 8f);
    assertThat(step.getLayerWeightNorms()).isNull();
    assertThat(step.getHistogram()).isEqualTo(new Log2Histogram(-1, List.of(), 0L, 1L));
    assertThat(step.getMetrics()).isEqualTo(Map.of("a", 1.0, "b", Double.NEGATIVE_INFINITY));
    assertThat(read("RunStarted").getBody()).isEqualTo(RunStarted.newBuilder().build());
    assertThat(read("RunStarted").getAttempt()).isEqualTo(Integer.MAX_VALUE);
    assertThat(read("EvaluationCompleted").getBody())
        .isEqualTo(EvaluationCompleted.newBuilder().build());
    assertThat(read("CheckpointSaved").getBody()).isEqualTo(CheckpointSaved.newBuilder().build());
    assertThat(read("AdviceApplied").getBody()).isEqualTo(AdviceApplied.newBuilder().build());
  }

  private static TrainingEvent read(String body) throws IOException, RecordFormatException {
    return CODEC.decode(Files.readAllBytes(FOLDER.resolve("python-" + body + ".bin")));
  }
}

package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.traces.FieldNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTailTest {
  private static final String SUMMARY =
      "{\"epoch\": 1.0, \"step\": %d, \"train_loss\": 2.25, \"train_runtime\": 12.5}";

  @TempDir Path folder;
  private Path output;
  private Tailing tailing;
  private long written;

  @BeforeEach
  void start() throws Exception {
    output = Files.createDirectories(folder.resolve("runs/my-model"));
    tailing = tailing(folder.resolve("runs"));
  }

  @AfterEach
  void stop() throws Exception {
    tailing.close();
  }

  private Tailing tailing(Path root) throws Exception {
    return new Tailing(
        LineLogs.jsonl(root, null, FieldNames.common(), 1), folder.resolve("positions.json"));
  }

  private static String row(long step, double loss) {
    return "{\"epoch\": 0.5, \"grad_norm\": 1.5, \"learning_rate\": 5e-05, \"loss\": "
        + loss
        + ", \"step\": "
        + step
        + "}";
  }

  private void save(String place, String... rows) throws Exception {
    Path file = output.resolve(place).resolve("trainer_state.json");
    Files.createDirectories(output.resolve(place));
    Files.writeString(
        file,
        Arrays.stream(rows)
            .collect(Collectors.joining(",", "{\"log_history\": [", "], \"max_steps\": 100}")));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + ++written));
  }

  @Test
  void publishesWhatEachCheckpointAdds() throws Exception {
    save("checkpoint-20", row(10, 3), row(20, 2.5));
    tailing.look();
    save("checkpoint-40", row(10, 3), row(20, 2.5), row(30, 2.25), "{\"eval_loss\":2,\"step\":30}");
    for (int i = 0; i < 6; i++) {
      tailing.look();
    }
    tailing.restart().look();
    save(
        ".",
        row(10, 3),
        row(20, 2.5),
        row(30, 2.25),
        "{\"eval_loss\":2,\"step\":30}",
        SUMMARY.formatted(30));
    tailing.look();

    assertThat(tailing.events().told())
        .containsExactly(
            "my-model 0:10 RunStarted",
            "my-model 0:10 StepCompleted",
            "my-model 0:20 StepCompleted",
            "my-model 0:30 StepCompleted",
            "my-model 0:30 EvaluationCompleted",
            "my-model 0:30 RunStarted",
            "my-model 0:30 RunEnded");
    assertThat(tailing.events().bodies().get(0).getLoss()).isEqualTo(3);
  }

  @Test
  void aHistoryThatPartsFromWhatWasPublishedIsTheNextAttempt() throws Exception {
    save("checkpoint-30", row(10, 3), row(20, 2.5), row(30, 9));
    tailing.look();
    save("checkpoint-40", row(10, 3), row(20, 2.5), row(30, 2.25), row(40, 2));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:10", "0:20", "0:30", "1:30", "1:40");

    save("checkpoint-30", row(10, 3), row(20, 2.5), row(30, 2));
    tailing.restart().look();
    assertThat(tailing.events().steps()).endsWith("1:40", "2:30");
  }

  @Test
  void anEarlierCheckpointSaysNothingNew() throws Exception {
    save("checkpoint-20", row(10, 3), row(20, 2.5));
    tailing.look();
    save("checkpoint-10", row(10, 3));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:10", "0:20");
  }

  @Test
  void waitsForAFileThatIsHalfWritten() throws Exception {
    Path file = output.resolve("trainer_state.json");
    Files.writeString(file, "{\"log_history\": [" + row(10, 3));
    tailing.look();
    assertThat(tailing.notes()).isEmpty();
    save(".", row(10, 3));
    tailing.look();
    assertThat(tailing.events().steps()).containsExactly("0:10");

    Files.writeString(file, "{\"log_history\": [");
    tailing.look().look().look();
    assertThat(tailing.notes()).singleElement().asString().contains("no JSON");
  }

  @Test
  void followsAFileAlone() throws Exception {
    tailing.close();
    save("checkpoint-20", row(10, 3));
    tailing = tailing(output.resolve("checkpoint-20/trainer_state.json"));
    tailing.look();

    assertThat(tailing.events().told()).endsWith("my-model 0:10 StepCompleted");
  }
}

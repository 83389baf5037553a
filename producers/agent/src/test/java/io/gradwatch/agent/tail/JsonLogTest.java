package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.traces.FieldNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLogTest {
  @TempDir Path folder;
  private Tailing tailing;

  @AfterEach
  void stop() throws Exception {
    tailing.close();
  }

  private void look(FieldNames names, long logEvery, String... lines) throws Exception {
    Path log = folder.resolve("run.jsonl");
    if (tailing == null) {
      tailing =
          new Tailing(LineLogs.jsonl(log, null, names, logEvery), folder.resolve("positions.json"));
    }
    Files.writeString(
        log, String.join("\n", lines) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    tailing.look();
  }

  @Test
  void readsNamesAsTheyAreMapped() throws Exception {
    look(
        FieldNames.common().with(Map.of("loss", "train/objective", "step", "it")),
        1,
        "{\"it\":7,\"step\":1,\"train/objective\":2.5,\"loss\":9,\"lr\":0.1}");

    assertThat(tailing.events().steps()).containsExactly("0:7");
    assertThat(tailing.events().bodies().get(0).getLoss()).isEqualTo(2.5);
    assertThat(tailing.events().bodies().get(0).getMetrics())
        .isEqualTo(Map.of("loss", 9.0, "step", 1.0));
  }

  @Test
  void readsWhatTransformersPrints() throws Exception {
    look(
        FieldNames.common(),
        10,
        "***** Running training *****",
        "{'loss': 2.3, 'grad_norm': 1.2, 'learning_rate': 5e-05, 'epoch': 0.1}",
        "  2%|\u258f         | 20/1000 [00:05<04:10]\r{'loss': nan, 'grad_norm': inf, 'learning_rate':"
            + " 4e-05, 'epoch': 0.2}",
        "{'eval_loss': 2.25, 'eval_runtime': 3.5, 'epoch': 0.2}",
        "{'loss': '2.125', 'grad_norm': np.float64(0.5), 'learning_rate': None, 'epoch': 0.3}",
        "{'input_ids': [1, 2], 'labels': {'a': (1, 2)}}",
        "{'train_runtime': 12.5, 'train_samples_per_second': 8.0, 'train_loss': 2.2, 'epoch': 0.3}");

    assertThat(tailing.events().told())
        .containsExactly(
            "run 0:10 RunStarted",
            "run 0:10 StepCompleted",
            "run 0:20 StepCompleted",
            "run 0:20 EvaluationCompleted",
            "run 0:30 StepCompleted",
            "run 0:30 RunEnded");
    assertThat(tailing.events().bodies().get(1).getLoss()).isNaN();
    assertThat(tailing.events().bodies().get(1).getGradNorm()).isInfinite();
    assertThat(tailing.events().bodies().get(2).getLoss()).isEqualTo(2.125);
    assertThat(tailing.events().bodies().get(2).getGradNorm()).isEqualTo(0.5);
    assertThat(tailing.events().bodies().get(2).getLearningRate()).isNull();
    assertThat(tailing.events().evaluations().get(0).getLoss()).isEqualTo(2.25);
    assertThat(((RunEnded) tailing.events().all().get(5).getBody()).getOutcome())
        .isEqualTo(RunOutcome.COMPLETED);
    assertThat(tailing.notes()).isEmpty();
  }

  @Test
  void anEpochThatGoesBackLeadsBackAsManySteps() throws Exception {
    look(
        FieldNames.common(),
        10,
        "{'loss': 2.3, 'epoch': 0.5}",
        "{'loss': 2.3, 'epoch': 1.0}",
        "{'loss': 2.3, 'epoch': 1.5}");
    tailing.restart();
    look(FieldNames.common(), 10, "{'loss': 2.3, 'epoch': 1.0}", "{'loss': 2.3, 'epoch': 1.5}");

    assertThat(tailing.events().steps()).containsExactly("0:10", "0:20", "0:30", "1:20", "1:30");
  }

  @Test
  void readsAnObjectBehindOtherText() throws Exception {
    look(FieldNames.common(), 1, "2026-11-01 INFO train: {\"step\": 3, \"loss\": 2.5} (rank 0)");

    assertThat(tailing.events().steps()).containsExactly("0:3");
  }

  @Test
  void aRunIsEndedOnlyWhereTheLogSaysSo() throws Exception {
    look(
        FieldNames.common(),
        1,
        "{\"step\":3}",
        "{\"step\":3,\"event\":\"failed\"}",
        "{\"step\":4}");
    tailing.lookLast();

    assertThat(tailing.events().told())
        .filteredOn(text -> text.endsWith("RunEnded"))
        .containsExactly("run 0:3 RunEnded");
  }
}

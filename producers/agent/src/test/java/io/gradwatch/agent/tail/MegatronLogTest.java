package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.traces.FieldNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MegatronLogTest {
  private static final String LINE =
      "%s iteration %8d/  102400 | consumed samples: %12d | elapsed time per iteration (ms): 6922.3 |"
          + " throughput per GPU (TFLOP/s/GPU): 62.0 | learning rate: 1.289062E-04 | global batch"
          + " size:     8 | lm loss: 6.457796E+00 | loss scale: 1.0 | grad norm: 4.096 | num zeros:"
          + " 760881152.0 | params norm: 2241.466 | number of skipped iterations:   0 | number of nan"
          + " iterations:   0 |\n";

  @TempDir Path folder;
  private Path log;
  private Tailing tailing;

  @BeforeEach
  void start() throws Exception {
    log = folder.resolve("bloom.log");
    tailing =
        new Tailing(
            LineLogs.megatron(log, null, FieldNames.common()), folder.resolve("positions.json"));
  }

  @AfterEach
  void stop() throws Exception {
    tailing.close();
  }

  private void look(String... lines) throws Exception {
    Files.writeString(
        log, String.join("", lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    tailing.look();
  }

  private StepCompleted only() {
    assertThat(tailing.events().bodies()).hasSize(1);
    return tailing.events().bodies().get(0);
  }

  @Test
  void readsALineOfMegatronWhateverStandsBeforeIt() throws Exception {
    look(
        "training ...\n",
        LINE.formatted("[default7]: [2026-09-14 15:08:27.273656]", 44, 352),
        LINE.formatted("", 45, 360),
        LINE.formatted("ain_fp8_mx/0  [2025-12-22 15:18:33]", 46, 368),
        "time (ms) | forward-compute: 53.79 | optimizer: 49.42\n");

    assertThat(tailing.events().steps()).containsExactly("0:44", "0:45", "0:46");
    StepCompleted step = tailing.events().bodies().get(0);
    assertThat(step.getLoss()).isEqualTo(6.457796);
    assertThat(step.getGradNorm()).isEqualTo(4.096);
    assertThat(step.getLearningRate()).isEqualTo(1.289062E-04);
    assertThat(step.getBatchSize()).isEqualTo(8);
    assertThat(step.getLossScale()).isEqualTo(1);
    assertThat(step.getUpdateSkipped()).isFalse();
    assertThat(step.getMetrics())
        .containsEntry("params_norm", 2241.466)
        .containsEntry("consumed_samples", 352.0)
        .containsEntry("nan_iterations", 0.0);
    assertThat(tailing.notes()).isEmpty();
  }

  @Test
  void readsALineOfMegatronDeepSpeed() throws Exception {
    look(
        "[default3]: iteration       10/  292968 | consumed samples:        10240 | elapsed time per"
            + " iteration (s): 35.8651 | learning rate: 4.734E-06 | global batch size:  1024 | lm loss:"
            + " 1.332803E+01 | loss scale: 4096.0 | grad norm: 42.627 | number of skipped iterations: "
            + "  0 | number of nan iterations:   0 | samples per second: 28.551 | TFLOPs: 199.03 |\n");

    assertThat(only().getLoss()).isEqualTo(13.32803);
    assertThat(only().getLossScale()).isEqualTo(4096);
  }

  @Test
  void aHiddenLossIsMissingAndItsNormNaN() throws Exception {
    look(
        " iteration      200/    1000 | consumed samples:          800 | learning rate: 1.342E-04 |"
            + " global batch size:     4 | loss scale: 16384.0 | grad norm: nan | number of skipped"
            + " iterations:   0 | number of nan iterations:   1 |\n");

    assertThat(only().getLoss()).isNull();
    assertThat(only().getGradNorm()).isNaN();
    assertThat(only().getNonfiniteCount()).isEqualTo(1);
  }

  @Test
  void iterationsThatTheLossScalerSkippedAreToldSo() throws Exception {
    look(
        LINE.formatted("", 9, 1),
        "[2025-04-13 23:41:12] iteration       10/    1000 | consumed samples:          160 | learning"
            + " rate: 0.000000E+00 | global batch size:    16 | loss scale: 8388608.0 | number of"
            + " skipped iterations:   1 | number of nan iterations:   0 |\n");

    assertThat(tailing.events().bodies().get(1).getUpdateSkipped()).isTrue();
    assertThat(tailing.events().bodies().get(1).getLoss()).isNull();
  }

  @Test
  void readsValidationsCheckpointsAndTheEnd() throws Exception {
    look(
        LINE.formatted("", 1000, 1),
        "----------------------------------------------\n",
        " validation loss at iteration 1000 | lm loss value: 3.215000E+00 | lm loss PPL: 2.490E+01 |\n",
        "saving checkpoint at iteration    1000 to /checkpoints\n",
        "  successfully saved checkpoint from iteration    1000 to /checkpoints [ t 1/8, p 1/8 ]\n",
        "[after training is done] datetime: 2026-11-01 12:00:00 \n");

    assertThat(tailing.events().told())
        .containsExactly(
            "bloom 0:1000 RunStarted",
            "bloom 0:1000 StepCompleted",
            "bloom 0:1000 EvaluationCompleted",
            "bloom 0:1000 CheckpointSaved",
            "bloom 0:1000 RunEnded");
    assertThat(tailing.events().evaluations().get(0).getLoss()).isEqualTo(3.215);
    assertThat(tailing.events().evaluations().get(0).getMetrics())
        .containsEntry("eval_lm_loss_ppl", 24.9);
  }

  @Test
  void anIterationThatGoesBackIsTheNextAttempt() throws Exception {
    look(LINE.formatted("", 90, 1), LINE.formatted("", 100, 1), LINE.formatted("", 90, 1));

    assertThat(tailing.events().steps()).containsExactly("0:90", "0:100", "1:90");
  }

  @Test
  void readsWhatDeepSpeedSaysItself() throws Exception {
    String line =
        "[2024-06-21 10:50:42,167] [INFO] [logging.py:96:log_dist] [Rank 0] step=%d, skipped=%d,"
            + " lr=[1.5e-08, 1.5e-08], mom=[(0.9, 0.999), (0.9, 0.999)]\n";
    look(line.formatted(0, 0), line.formatted(1, 0), line.formatted(2, 1));
    tailing.restart();
    look(line.formatted(3, 1), line.formatted(4, 1));

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3");
    assertThat(tailing.events().bodies().get(0).getLearningRate()).isEqualTo(1.5e-08);
    assertThat(tailing.events().bodies())
        .extracting(StepCompleted::getUpdateSkipped)
        .containsExactly(false, true, false);
  }

  @Test
  void megatronsLineCountsBeforeDeepSpeedsOfTheSameStep() throws Exception {
    String deepSpeed = "[Rank 0] step=%d, skipped=0, lr=[1.5e-08], mom=[[0.9, 0.999]]\n";
    look(
        deepSpeed.formatted(10),
        LINE.formatted("", 10, 1),
        deepSpeed.formatted(20),
        LINE.formatted("", 20, 1));

    assertThat(tailing.events().steps()).containsExactly("0:10", "0:20");
    assertThat(tailing.events().bodies()).extracting(StepCompleted::getLoss).doesNotContainNull();
  }

  @Test
  void aLineThatLiesIsToldAndPassedOver() throws Exception {
    look(" iteration 5/ 10 | number of skipped iterations: -1 |\n", LINE.formatted("", 6, 1));

    assertThat(tailing.events().steps()).containsExactly("0:6");
    assertThat(tailing.notes())
        .containsExactly(
            log
                + ": line 1: column 'number of skipped iterations': found '-1'; allowed: a count of at"
                + " least 0 or nothing");
  }
}

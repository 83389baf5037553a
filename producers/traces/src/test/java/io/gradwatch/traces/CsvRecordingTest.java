package io.gradwatch.traces;

import static io.gradwatch.traces.TraceFiles.csv;
import static io.gradwatch.traces.TraceFiles.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.ClipMode;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRecordingTest {

  @Test
  void tellsTheRunFromItsStartToItsEnd() throws Exception {
    List<TrainingEvent> events =
        csv(
            """
            step,loss,grad_norm,clip_threshold,eval_loss,grad_norm/in,grad_norm/out,weight_norm/in,weight_norm/out
            10,2.5,0.5,1,,0.3,0.4,7,8
            11,2.4,0.6,1,3.5,0.5,0.25,7.5,8.5
            """);

    assertThat(events)
        .extracting(e -> e.getBody().getClass().getSimpleName() + " " + e.getStep())
        .containsExactly(
            "RunStarted 10",
            "StepCompleted 10",
            "StepCompleted 11",
            "EvaluationCompleted 11",
            "RunEnded 11");
    assertThat(events)
        .allSatisfy(
            e -> {
              assertThat(e.getRunId()).isEqualTo("run");
              assertThat(e.getAttempt()).isZero();
              assertThat(e.getEmittedAt()).isZero();
              assertThat(e.getRank()).isNull();
            });
    RunStarted started = (RunStarted) events.get(0).getBody();
    assertThat(started.getLayerNames()).containsExactly("in", "out");
    assertThat(started.getClipMode()).isEqualTo(ClipMode.GLOBAL_NORM);
    assertThat(started.getClipThreshold()).isEqualTo(1);
    assertThat(started.getNormScaled()).isFalse();
    StepCompleted step = (StepCompleted) events.get(2).getBody();
    assertThat(step.getLoss()).isEqualTo(2.4);
    assertThat(step.getGradNorm()).isEqualTo(0.6);
    assertThat(step.getLayerGradNorms()).containsExactly(0.5f, 0.25f);
    assertThat(step.getLayerWeightNorms()).containsExactly(7.5f, 8.5f);
    assertThat(step.getLayerUpdateNorms()).isNull();
    assertThat(step.getMetrics()).isEmpty();
    assertThat(((EvaluationCompleted) events.get(3).getBody()).getLoss()).isEqualTo(3.5);
    assertThat(((RunEnded) events.get(4).getBody()).getOutcome()).isEqualTo(RunOutcome.UNKNOWN);
  }

  @Test
  void leavesWhatIsNotReportedNull() throws Exception {
    StepCompleted step = steps("step,loss,grad_norm,learning_rate\n5,, ,\t\n").get(0);

    assertThat(step.getLoss()).isNull();
    assertThat(step.getGradNorm()).isNull();
    assertThat(step.getLearningRate()).isNull();
    assertThat(step.getUpdateSkipped()).isNull();
  }

  @Test
  void readsEveryScalarOfTheDocumentedColumns() throws Exception {
    StepCompleted step =
        steps(
                """
                step,loss,grad_norm,grad_abs_max,nonfinite_grads,learning_rate,clip_threshold,loss_scale,skipped,batch_size
                1,NaN,Infinity,-Infinity,3,0.001,0.5,65536,1,32
                """)
            .get(0);

    assertThat(step.getLoss()).isNaN();
    assertThat(step.getGradNorm()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(step.getGradAbsMax()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(step.getNonfiniteCount()).isEqualTo(3);
    assertThat(step.getLearningRate()).isEqualTo(0.001);
    assertThat(step.getClipThreshold()).isEqualTo(0.5);
    assertThat(step.getLossScale()).isEqualTo(65536);
    assertThat(step.getUpdateSkipped()).isTrue();
    assertThat(step.getBatchSize()).isEqualTo(32);
  }

  @Test
  void readsNumbersAtTheEdgesOfDoubleAndFloat() throws Exception {
    StepCompleted step =
        steps(
                "step,loss,grad_norm,grad_norm/a,grad_norm/b,grad_norm/c\n1,1e400,1e-320,1e39,1e-50,Infinity\n")
            .get(0);

    assertThat(step.getLoss()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(step.getGradNorm()).isEqualTo(1e-320);
    assertThat(step.getLayerGradNorms())
        .as("finite stays finite and what is not zero does not become zero")
        .containsExactly(Float.MAX_VALUE, Float.MIN_VALUE, Float.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "step,loss\n1,2\n2,3\n",
        "step,loss\r\n1,2\r\n2,3\r\n",
        "step,loss\r1,2\r2,3",
        "\uFEFFstep,loss\n1,2\n2,3",
        "\n\nstep,loss\n\n1,2\n  \n2,3\n\n",
        "\"step\",\"loss\"\n\"1\",\"2\"\n\"2\",3\n",
        " step , loss \n 1 ,\t2\n2 , 3 \n",
        ",step,loss\n0,1,2\n1,2,3\n",
        "project,step,loss,run\nteam,1,2,a\nteam,2,3,a\n"
      })
  void readsTheSameHoweverTheFileIsWritten(String text) throws Exception {
    assertThat(csv(text)).isEqualTo(csv("step,loss\n1,2\n2,3\n"));
  }

  @Test
  void readsQuotedNamesWithCommasQuotesAndLineEnds() throws Exception {
    List<TrainingEvent> events = csv("step,\"grad_norm/a,\"\"b\"\"\r\nc\"\n1,\"0.5\"\n");

    assertThat(((RunStarted) events.get(0).getBody()).getLayerNames())
        .containsExactly("a,\"b\"\nc");
  }

  @Test
  void keepsSeriesOfOtherNamesAsMetrics() throws Exception {
    List<StepCompleted> steps =
        steps(
            """
            step,acc_0,note,router/load,consumed_samples
            1,0.5,warm-up,1,1024
            2,,17,NaN,2048
            """);

    assertThat(steps.get(0).getMetrics())
        .isEqualTo(Map.of("acc_0", 0.5, "router/load", 1.0, "consumed_samples", 1024.0));
    assertThat(steps.get(1).getMetrics())
        .as("a column that begins with text is text")
        .isEqualTo(Map.of("router/load", Double.NaN, "consumed_samples", 2048.0));
  }

  @Test
  void countsMetricsOfAnEvaluationToTheEvaluation() throws Exception {
    List<TrainingEvent> events = csv("step,loss,val_loss,val_accuracy,eval_bleu\n1,2,3,0.5,20\n");

    EvaluationCompleted evaluation = (EvaluationCompleted) events.get(2).getBody();
    assertThat(evaluation.getLoss()).isEqualTo(3);
    assertThat(evaluation.getMetrics()).isEqualTo(Map.of("val_accuracy", 0.5, "eval_bleu", 20.0));
  }

  @Test
  void takesARowOfAnEvaluationAloneAsNoStep() throws Exception {
    assertThat(csv("step,loss,eval_loss\n1,2,\n1,,3\n"))
        .extracting(e -> e.getBody().getClass().getSimpleName())
        .containsExactly("RunStarted", "StepCompleted", "EvaluationCompleted", "RunEnded");
  }

  @Test
  void leavesALayerSeriesOutWhereOneLayerIsBlank() throws Exception {
    StepCompleted step =
        steps("step,loss,grad_norm/a,grad_norm/b,update_norm/b,update_norm/a\n1,2,0.5,,4,3\n")
            .get(0);

    assertThat(step.getLayerGradNorms()).isNull();
    assertThat(step.getLayerUpdateNorms())
        .as("in the order of the first series")
        .containsExactly(3f, 4f);
  }

  @Test
  void leavesOutALastRowThatACrashTore() throws Exception {
    assertThat(steps("step,loss,grad_norm\n1,2,3\n2,2.5")).hasSize(1);
  }

  @Test
  void givesNoEventsForARecordingWithoutRows() throws Exception {
    assertThat(csv("step,loss\n")).isEmpty();
  }
}

package io.gradwatch.traces;

import static io.gradwatch.traces.TraceFiles.bodies;
import static io.gradwatch.traces.TraceFiles.csv;
import static io.gradwatch.traces.TraceFiles.jsonl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRecordingTest {

  @Test
  void saysTheSameAsTheCsv() throws Exception {
    assertThat(
            jsonl(
                """
                {"step":1,"loss":2.5,"grad_norm":0.5,"skipped":false,"acc":0.1,"grad_norm/a":0.3,"grad_norm/b":0.4}
                {"step":2,"loss":"NaN","grad_norm":Infinity,"skipped":true,"acc":null,"eval_loss":3,"grad_norm/a":1,"grad_norm/b":-Infinity}
                """))
        .isEqualTo(
            csv(
                """
                step,loss,grad_norm,skipped,acc,grad_norm/a,grad_norm/b,eval_loss
                1,2.5,0.5,0,0.1,0.3,0.4,
                2,NaN,Infinity,1,,1,-Infinity,3
                """));
  }

  @Test
  void readsArraysOverLayers() throws Exception {
    List<TrainingEvent> events =
        jsonl(
            """
            {"step":1,"layer_names":["a","b"],"layer_grad_norms":[0.5,"NaN"],"layer_weight_norms":[1,null],"metrics":{"entropy":2.5}}
            {"step":2,"layer_grad_norms":[0.5,1e39]}
            """);

    assertThat(bodies(events, RunStarted.class)).hasSize(1);
    assertThat(bodies(events, RunStarted.class).get(0).getLayerNames()).containsExactly("a", "b");
    List<StepCompleted> steps = bodies(events, StepCompleted.class);
    assertThat(steps.get(0).getLayerGradNorms()).containsExactly(0.5f, Float.NaN);
    assertThat(steps.get(0).getLayerWeightNorms()).as("a layer is not reported").isNull();
    assertThat(steps.get(0).getMetrics()).isEqualTo(Map.of("entropy", 2.5));
    assertThat(steps.get(1).getLayerGradNorms()).containsExactly(0.5f, Float.MAX_VALUE);
  }

  @Test
  void startsAgainWhenTheLayersAreNamedLater() throws Exception {
    List<TrainingEvent> events =
        jsonl(
            "{\"step\":1,\"loss\":2}\n{\"step\":2,\"layer_names\":[\"a\"],\"layer_grad_norms\":[1]}\n");

    assertThat(events)
        .extracting(e -> e.getBody().getClass().getSimpleName())
        .containsExactly("RunStarted", "StepCompleted", "RunStarted", "StepCompleted", "RunEnded");
    assertThat(((RunStarted) events.get(2).getBody()).getLayerNames()).containsExactly("a");
  }

  @Test
  void passesOverRemarks() throws Exception {
    assertThat(
            jsonl(
                "{\"step\":1,\"loss\":2,\"note\":\"x\",\"ok\":true,\"config\":{\"lr\":[1]},\"tags\":[\"a\"]}"))
        .isEqualTo(csv("step,loss\n1,2\n"));
  }

  @Test
  void readsAFileWithByteOrderMarkBlankLinesAndCarriageReturns() throws Exception {
    assertThat(jsonl("\uFEFF{\"step\":1,\"loss\":2}\r\n\r\n{\"step\":2,\"loss\":3}"))
        .isEqualTo(csv("step,loss\n1,2\n2,3\n"));
  }

  @Test
  void leavesOutALastLineThatACrashTore() throws Exception {
    assertThat(jsonl("{\"step\":1,\"loss\":2}\n{\"step\":2,\"lo"))
        .isEqualTo(csv("step,loss\n1,2\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"loss\":1} | line 1: no field 'step'; allowed: an integer from 0 to 2^53",
        "{\"step\":1};{\"step\":2,\"loss\":\"x\"} | line 2: column 'loss': found 'x'; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "{\"step\":1,\"loss\":[1]} | line 1: column 'loss': found '['; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "{\"step\":1.5} | line 1: column 'step': found '1.5'; allowed: an integer from 0 to 2^53",
        "{\"step\":1,\"eval_loss\":1,\"val_loss\":2} | line 1: column 'val_loss': found '2'; allowed: each value under one name only, and this one came before under another",
        "{\"step\":1,\"event\":7} | line 1: column 'event': found '7'; allowed: a string or nothing",
        "{\"step\":1,\"layer_grad_norms\":5} | line 1: column 'layer_grad_norms': found '5'; allowed: an array of numbers, one for each layer, or nothing",
        "{\"step\":1,\"layer_names\":[\"a\",\"b\"],\"layer_grad_norms\":[1]} | line 1: layer series 'layer_grad_norms' has 1 values; allowed: 2, one for each layer named",
        "{\"step\":1,\"layer_names\":[1]} | line 1: column 'layer_names': found '1'; allowed: an array of layer names",
        "{\"step\":1,\"run\":\"a\"};{\"step\":2,\"run\":\"b\"} | line 2: column 'run': found 'b'; allowed: 'a' as before: a file holds one run",
        "[1] | line 1: found '['; allowed: a JSON object a line"
      })
  void saysWhereWhatAndWhatIsAllowed(String text, String message) {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> jsonl(text.replace(';', '\n').replace("}\n{", "}\n{") + "\n"))
        .withMessage("run.jsonl: " + message);
  }

  @Test
  void saysOnWhichLineTheJsonIsBroken() {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> jsonl("{\"step\":1}\n{\"step\":2,,}\n{\"step\":3}\n"))
        .withMessageStartingWith("run.jsonl: line 2: no JSON: ");
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> jsonl("{\"step\":1,\"step\":2}\n"))
        .withMessageContaining("Duplicate");
  }
}

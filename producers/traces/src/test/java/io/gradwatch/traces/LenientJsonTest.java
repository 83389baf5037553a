package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradwatch.schemas.Limits;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LenientJsonTest {
  private static TraceRow row(String json) throws TraceFormatException {
    return JsonLine.read(json, "log.jsonl", 7, FieldNames.common(), true);
  }

  @Test
  void ofTwoNamesOfAFieldTheBetterCountsWhereverItStands() throws Exception {
    for (String json :
        new String[] {
          "{\"step\":1,\"loss\":2,\"total_loss\":3}", "{\"step\":1,\"total_loss\":3,\"loss\":2}"
        }) {
      assertThat(row(json).step.getLoss()).isEqualTo(2.0);
      assertThat(row(json).step.getMetrics()).isEqualTo(Map.of("total_loss", 3.0));
    }
  }

  @Test
  void readsFieldsOfObjectsInside() throws Exception {
    TraceRow row =
        row(
            "{\"iteration\":5,\"train\":{\"loss\":2.5,\"acc\":{\"top1\":0.5}},\"metrics\":{\"lr\":1}}");

    assertThat(row.stepNumber()).isEqualTo(5);
    assertThat(row.step.getLoss()).isEqualTo(2.5);
    assertThat(row.step.getLearningRate()).isEqualTo(1.0);
    assertThat(row.step.getMetrics()).containsEntry("train/acc/top1", 0.5);
  }

  @Test
  void missingStaysMissingAndNaNStaysNaN() throws Exception {
    TraceRow row = row("{\"step\":1,\"loss\":null,\"grad_norm\":NaN,\"lr\":\"Infinity\"}");

    assertThat(row.step.getLoss()).isNull();
    assertThat(row.step.getGradNorm()).isNaN();
    assertThat(row.step.getLearningRate()).isInfinite();
  }

  @Test
  void passesOverSeriesBeyondTheBoundsOfTheWire() throws Exception {
    StringBuilder json = new StringBuilder("{\"step\":1,\"").append("n".repeat(300)).append("\":1");
    for (int i = 0; i < 300; i++) {
      json.append(",\"m").append(i).append("\":1");
    }
    assertThat(row(json.append('}').toString()).step.getMetrics()).hasSize(Limits.MAX_METRICS);
  }

  @Test
  void saysWhatAFieldAllows() {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> row("{\"global_step\":1.5,\"loss\":1}"))
        .withMessage(
            "log.jsonl: line 7: column 'global_step': found '1.5'; allowed: an integer from 0 to"
                + " 2^53");
  }
}

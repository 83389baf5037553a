package io.gradwatch.console.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gradwatch.console.api.AlarmView.LayerView;
import io.gradwatch.console.api.Problem;
import io.gradwatch.console.api.Requests;
import io.gradwatch.console.api.SeriesPage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.5})
  void numbersThatJsonCannotSayAreWordsBothWays(double value) throws JsonProcessingException {
    LayerView layer = new LayerView("a", 0, 1, value);
    String text = Json.line(layer);
    if (!Double.isFinite(value)) {
      assertThat(text).contains("\"growthRate\":\"" + value + "\"");
    }
    assertThat(Json.answer(text, LayerView.class)).isEqualTo(layer);
  }

  @Test
  void aCurveComesBackAsItWas() throws JsonProcessingException {
    List<Float> values = new ArrayList<>();
    values.add(1.5f);
    values.add(null);
    values.add(Float.NaN);
    SeriesPage.Curve curve =
        new SeriesPage.Curve(List.of(1L, 2L, 1L << 53), values, values, values, List.of(7L));
    assertThat(Json.answer(Json.line(curve), SeriesPage.Curve.class)).isEqualTo(curve);
  }

  @Test
  void aReaderPassesOverFieldsThatItDoesNotKnow() throws JsonProcessingException {
    assertThat(Json.answer("{\"status\":1,\"title\":\"a\",\"new\":{}}", Problem.class))
        .isEqualTo(new Problem(1, "a", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"note\":\"a\",\"more\":1}",
        "{\"note\":\"a\",\"note\":\"b\"}",
        "{\"note\":\"a\"} {}",
        "{\"note\":",
        "[]",
        "{\"note\":{}}",
        "",
        "{\"note\":NaN}"
      })
  void aRequestIsReadStrictly(String text) {
    assertThatExceptionOfType(JsonProcessingException.class)
        .isThrownBy(() -> Json.request(text, Requests.Acknowledge.class));
  }

  @Test
  void aRequestMayLeaveOutWhatMayBeNull() throws JsonProcessingException {
    assertThat(Json.request("{}", Requests.Acknowledge.class))
        .isEqualTo(new Requests.Acknowledge(null, null));
  }
}

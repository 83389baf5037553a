package io.gradwatch.traces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Limits;
import io.gradwatch.traces.JsonBatch.Form;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBatchTest {
  private static final int MOST_ROWS = 3;
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void readsOneObjectAnArrayOrLines() throws Exception {
    String a = "{\"run\":\"a\",\"step\":1,\"loss\":2}";
    String b = "{\"run\":\"b\",\"step\":7,\"loss\":\"NaN\"}";

    assertThat(told(read(a, Form.JSON))).containsExactly("a RunStarted 1", "a StepCompleted 1");
    assertThat(told(read(" [" + a + ",\n" + b + "] ", Form.JSON)))
        .containsExactly(
            "a RunStarted 1", "a StepCompleted 1", "b RunStarted 7", "b StepCompleted 7")
        .isEqualTo(told(read(a + "\n\n" + b + "\n", Form.LINES)));
    assertThat(read("[]", Form.JSON).size()).isZero();
    assertThat(read("", Form.LINES).size()).isZero();
  }

  @Test
  void stampsRowsThatDoNotTellTheirTimeAndNoOthers() throws Exception {
    JsonBatch batch =
        read("[{\"run\":\"a\",\"step\":1},{\"run\":\"a\",\"step\":2,\"emitted_at\":5}]", Form.JSON);

    assertThat(new LiveRuns(1).propose(batch).events())
        .extracting(TrainingEvent::getEmittedAt)
        .containsExactly(NOW, NOW, 5L);
  }

  @Test
  void readsNoMoreRowsThanItIsTold() throws Exception {
    String three = IntStream.range(0, 3).mapToObj(JsonBatchTest::row).collect(Collectors.joining());
    String four = three + "[";

    assertThat(read(three, Form.LINES).isWhole()).isTrue();
    assertThat(read(four, Form.LINES).isWhole()).as("the rest is not even looked at").isFalse();
    assertThat(read("[" + three.replace("}{", "},{") + "]", Form.JSON).isWhole()).isTrue();
    assertThat(read("[" + three.replace("}{", "},{") + ",7]", Form.JSON).isWhole()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"run\":\"a\"}|step||an integer from 0 to 2^53",
        "{\"run\":\"a\",\"step\":-1}|step|-1|an integer from 0 to 2^53",
        "{\"run\":\"a\",\"step\":9007199254740993e3}|step|9007199254740993e3|an integer from 0 to 2^53",
        "{\"run\":\"a\",\"step\":1,\"loss\":\"x\"}|loss|x|a number, NaN, Infinity, -Infinity or nothing",
        "{\"run\":\"a\",\"step\":1,\"loss\":[]}|loss|[|a number, NaN, Infinity, -Infinity or nothing",
        "{\"run\":\"a\",\"step\":1,\"rank\":1048576}|rank|1048576|an integer from 0 to 1048575 or nothing",
        "{\"step\":1}|run||the run's id, 1 to 256 bytes",
        "{\"run\":\" \",\"step\":1}|run|' '|1 to 256 bytes that show",
        "{\"run\":\"a\\u0007\",\"step\":1}|run|a\uFFFD|1 to 256 bytes that show"
      })
  void saysWhichRowAndFieldIsWrongAndWhatIsAllowed(
      String row, String field, String found, String allowed) {
    RefusedRowException refused = refused("[" + row(0) + "," + row + "]", Form.JSON);

    assertThat(refused.index()).isEqualTo(1);
    assertThat(refused.field()).isEqualTo(field);
    assertThat(refused.found()).isEqualTo(found);
    assertThat(refused.allowed()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "[7]",
        "[{\"run\":\"a\",\"step\":1}",
        "{\"run\":\"a\",\"step\":1",
        "{\"run\":\"a\",\"step\":1}{}",
        "{\"run\":\"a\",\"step\":1,\"step\":1}",
        "{\"run\":\"a\",\"step\":1,\"loss\":01}",
        "{\"run\":\"a\",\"step\":1,\"layer_names\":[\"x\",\"y\"],\"layer_grad_norms\":[1]}",
        "\uD800"
      })
  void refusesWhatIsNoBatch(String json) {
    assertThat(refused(json, Form.JSON).field()).isNull();
  }

  @Test
  void refusesWhatOnlyLooksSmall() {
    String deep = "{\"run\":\"a\",\"step\":1,\"x\":" + "[".repeat(100_000);
    String wide = "{\"run\":\"a\",\"step\":1,\"loss\":" + "9".repeat(100_000) + "}";

    assertThat(refused(deep, Form.JSON)).hasMessageStartingWith("no JSON at line 1, column ");
    assertThat(refused(wide, Form.JSON)).hasMessageStartingWith("no JSON at line 1, column ");
  }

  @Test
  void refusesBytesThatAreNoText() {
    byte[] bytes = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};

    assertThat(
            catchThrowableOfType(
                RefusedRowException.class, () -> JsonBatch.read(bytes, Form.JSON, 1, NOW)))
        .hasMessageStartingWith("no JSON at line 1");
  }

  @Test
  void keepsWithinTheBoundsOfTheWire() {
    String name = "n".repeat(Limits.MAX_NAME_BYTES);
    String names =
        IntStream.range(0, 4_000)
            .mapToObj(i -> "\"" + name.substring(6) + "%06d".formatted(i) + "\"")
            .collect(Collectors.joining(","));
    String evaluations =
        IntStream.rangeClosed(0, Limits.MAX_METRICS)
            .mapToObj(i -> ",\"eval_" + i + "\":1")
            .collect(Collectors.joining());
    String zeros = "0,".repeat(Limits.MAX_LAYERS) + "0";

    assertThat(refused(withField("layer_names", "[\"" + name + "n\"]"), Form.JSON).field())
        .isEqualTo("layer_names");
    assertThat(refused(withField("layer_names", "[" + names + "]"), Form.JSON).allowed())
        .isEqualTo("names that take at most 520192 bytes together");
    assertThat(refused(withField("layer_grad_norms", "[" + zeros + "]"), Form.JSON).found())
        .isEqualTo("16385 values");
    assertThat(refused(withField(name + "n", "1"), Form.JSON).field()).isEqualTo("metrics");
    assertThat(refused("{\"run\":\"a\",\"step\":1" + evaluations + "}", Form.JSON).allowed())
        .isEqualTo("at most 256");
  }

  private static String withField(String name, String value) {
    return "{\"run\":\"a\",\"step\":1,\"" + name + "\":" + value + "}";
  }

  private static String row(int step) {
    return "{\"run\":\"a\",\"step\":" + step + "}";
  }

  private static JsonBatch read(String json, Form form) throws RefusedRowException {
    return JsonBatch.read(json.getBytes(UTF_8), form, MOST_ROWS, NOW);
  }

  private static RefusedRowException refused(String json, Form form) {
    RefusedRowException refused =
        catchThrowableOfType(RefusedRowException.class, () -> read(json, form));
    assertThat(refused).as(json).isNotNull();
    return refused;
  }

  private static List<String> told(JsonBatch batch) {
    return new LiveRuns(1)
        .propose(batch).events().stream()
            .map(
                e ->
                    e.getRunId() + " " + e.getBody().getClass().getSimpleName() + " " + e.getStep())
            .toList();
  }
}

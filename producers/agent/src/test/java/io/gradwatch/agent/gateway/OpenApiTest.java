package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.JsonBatch;
import io.gradwatch.traces.LiveRuns;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document against the gateway that it describes. */
class OpenApiTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Kept as series of their names as well. */
  private static final Set<String> COUNTED_SINCE = Set.of("skipped_iterations", "nan_iterations");

  private JsonNode document;

  @BeforeEach
  void read() throws IOException {
    try (InputStream in = Gateway.class.getResourceAsStream("openapi.json")) {
      document = MAPPER.readTree(in);
    }
  }

  @Test
  void hasWhatOpenApiAsksFor() {
    assertThat(document.at("/openapi").asText()).isEqualTo("3.1.0");
    assertThat(document.at("/info/title").asText()).isNotBlank();
    assertThat(document.at("/info/version").asText()).isNotBlank();
    List<String> operationIds = new ArrayList<>();
    document
        .at("/paths")
        .forEach(
            path ->
                path.forEach(
                    operation -> {
                      operationIds.add(operation.get("operationId").asText());
                      assertThat(operation.get("responses")).isNotEmpty();
                      operation
                          .get("responses")
                          .forEach(r -> assertThat(r.get("description").asText()).isNotBlank());
                    }));
    assertThat(operationIds).doesNotHaveDuplicates();
  }

  @Test
  void refersToNothingThatIsNotThere() {
    List<JsonNode> references = document.findValues("$ref");

    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void describesEveryRouteAndNoOther() {
    List<String> described = new ArrayList<>();
    document
        .at("/paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Route.values()).map(r -> r.method() + " " + r.path()).toList());
  }

  @Test
  void tellsEveryReasonToRefuseEventsAndItsStatus() {
    JsonNode responses = document.at("/paths/~1v1~1events/post/responses");
    TreeSet<String> statuses = new TreeSet<>(List.of("202"));
    TreeSet<String> reasons = new TreeSet<>();
    for (Refusal refusal : Refusal.values()) {
      if (refusal != Refusal.TORN) { // nobody hears it
        reasons.add(refusal.reason());
        if (refusal != Refusal.NOT_FOUND) {
          statuses.add(Integer.toString(refusal.status()));
        }
      }
    }

    assertThat(responses.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(statuses);
    assertThat(document.at("/components/schemas/Error/properties/error/enum"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(reasons);
  }

  @Test
  void tellsTheBoundsThatHold() {
    GatewayLimits limits = GatewayLimits.standard();
    JsonNode post = document.at("/paths/~1v1~1events/post");

    assertThat(post.at("/requestBody/content/application~1json/schema/oneOf/1/maxItems").asInt())
        .isEqualTo(limits.rows());
    assertThat(post.get("description").asText())
        .contains("At most %,d rows and %d MiB".formatted(limits.rows(), limits.bodyBytes() >> 20));
  }

  @Test
  void namesFieldsOfARowThatAreTakenAsSuch() throws Exception {
    JsonNode row = document.at("/components/schemas/Row");
    for (Map.Entry<String, JsonNode> property : row.get("properties").properties()) {
      ObjectNode example = MAPPER.createObjectNode().put("run", "r").put("step", 1);
      example.set(property.getKey(), example(property.getKey(), property.getValue()));
      JsonBatch batch =
          JsonBatch.read(MAPPER.writeValueAsBytes(example), JsonBatch.Form.JSON, 1, 0);
      for (TrainingEvent event : new LiveRuns(1).propose(batch).events()) {
        if (event.getBody() instanceof StepCompleted step
            && !COUNTED_SINCE.contains(property.getKey())) {
          assertThat(step.getMetrics()).doesNotContainKey(property.getKey());
        }
      }
    }
    JsonBatch.read(MAPPER.writeValueAsBytes(row.get("example")), JsonBatch.Form.JSON, 1, 0);
  }

  private static JsonNode example(String name, JsonNode schema) {
    String type = schema.path("type").asText("number");
    return switch (type) {
      case "string" -> MAPPER.getNodeFactory().textNode(name.equals("run") ? "r" : "start");
      case "array" ->
          MAPPER
              .createArrayNode()
              .add(
                  name.equals("layer_names")
                      ? MAPPER.getNodeFactory().textNode("x")
                      : MAPPER.getNodeFactory().numberNode(1));
      case "object" -> MAPPER.createObjectNode().put("of_its_own", 2);
      default -> MAPPER.getNodeFactory().numberNode(1);
    };
  }
}

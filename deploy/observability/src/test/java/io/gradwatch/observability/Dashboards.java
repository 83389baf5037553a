package io.gradwatch.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The dashboards of Grafana, as they stand in their files. */
final class Dashboards {
  static final Path FOLDER = Path.of("grafana");
  static final List<String> NAMES = List.of("pipeline", "fleet");

  private Dashboards() {}

  /** Something of a dashboard: a panel, or what a panel asks. */
  record Part(String dashboard, JsonNode json) {
    String text(String field) {
      return json.path(field).asText();
    }

    @Override
    public String toString() {
      return dashboard + ": " + text("title");
    }
  }

  static JsonNode read(String name) {
    Path file = FOLDER.resolve(name + ".json");
    try {
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file.toAbsolutePath(), e);
    }
  }

  /** Every panel with a picture; rows are headings. */
  static Stream<Part> panels() {
    return NAMES.stream()
        .flatMap(name -> children(read(name), "panels").map(panel -> new Part(name, panel)))
        .filter(panel -> !panel.text("type").equals("row"));
  }

  /** What a panel asks Prometheus. */
  static Stream<String> queries(Part panel) {
    return children(panel.json(), "targets").map(target -> target.path("expr").asText());
  }

  static Stream<JsonNode> children(JsonNode json, String field) {
    return StreamSupport.stream(json.path(field).spliterator(), false);
  }
}

package io.gradwatch.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardsTest {
  private static final int WIDTH = 24;
  private static final String SOURCE = "${datasource}";

  @SuppressWarnings("UnusedVariable") // @FieldSource reads it
  private static final List<String> NAMES = Dashboards.NAMES;

  static Stream<Dashboards.Part> panels() {
    return Dashboards.panels();
  }

  @Test
  void areThoseOfTheFolder() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(Dashboards.FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".json")))
          .containsExactlyInAnyOrderElementsOf(NAMES.stream().map(n -> n + ".json").toList());
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void haveAnAddressAndLetOneChooseThePrometheus(String name) {
    JsonNode dashboard = Dashboards.read(name);
    assertThat(dashboard.path("uid").asText()).isEqualTo("gradwatch-" + name);
    assertThat(dashboard.path("title").asText()).startsWith("Gradwatch: ");
    assertThat(dashboard.at("/templating/list/0/name").asText()).isEqualTo("datasource");
    assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
    assertThat(dashboard.at("/templating/list/0/query").asText()).isEqualTo("prometheus");
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void callNoTwoPanelsTheSame(String name) {
    List<JsonNode> all = Dashboards.children(Dashboards.read(name), "panels").toList();
    assertThat(all.stream().map(panel -> panel.path("id").asInt()))
        .doesNotHaveDuplicates()
        .allMatch(id -> id > 0);
    assertThat(
            all.stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .map(panel -> panel.path("title").asText()))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void putNoPanelOverAnother(String name) {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel :
        Dashboards.children(Dashboards.read(name), "panels").collect(Collectors.toList())) {
      List<String> cells = cells(panel.path("gridPos"));
      assertThat(cells).as("%s", panel.path("title")).isNotEmpty().noneMatch(taken::contains);
      taken.addAll(cells);
    }
  }

  private static List<String> cells(JsonNode place) {
    int left = place.path("x").asInt(-1);
    int top = place.path("y").asInt(-1);
    int width = place.path("w").asInt();
    assertThat(left).isNotNegative();
    assertThat(top).isNotNegative();
    assertThat(left + width).isLessThanOrEqualTo(WIDTH);
    List<String> cells = new ArrayList<>();
    for (int x = left; x < left + width; x++) {
      for (int y = top; y < top + place.path("h").asInt(); y++) {
        cells.add(x + "," + y);
      }
    }
    return cells;
  }

  @ParameterizedTest
  @MethodSource("panels")
  void sayWhatTheyShowAndInWhichUnit(Dashboards.Part panel) {
    assertThat(panel.text("title")).isNotBlank();
    assertThat(panel.text("description")).endsWith(".").hasSizeGreaterThan(10);
    assertThat(panel.text("type")).isIn("stat", "timeseries");
    assertThat(panel.json().at("/fieldConfig/defaults/unit").asText()).isNotBlank();
    assertThat(panel.json().at("/fieldConfig/defaults/thresholds/steps/0/color").asText())
        .isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("panels")
  void askTheChosenPrometheus(Dashboards.Part panel) {
    assertThat(panel.json().at("/datasource/uid").asText()).isEqualTo(SOURCE);
    assertThat(Dashboards.queries(panel)).isNotEmpty().noneMatch(String::isBlank);
    assertThat(Dashboards.children(panel.json(), "targets"))
        .allMatch(target -> target.at("/datasource/uid").asText().equals(SOURCE));
    assertThat(
            Dashboards.children(panel.json(), "targets")
                .map(target -> target.path("refId").asText()))
        .doesNotHaveDuplicates();
    assertThat(Dashboards.queries(panel))
        .allSatisfy(query -> assertThat(Selectors.of(query)).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("panels")
  void nameARunNowhere(Dashboards.Part panel) {
    assertThat(panel.json().toString()).doesNotContain("run_id").doesNotContain("{{run}}");
  }
}

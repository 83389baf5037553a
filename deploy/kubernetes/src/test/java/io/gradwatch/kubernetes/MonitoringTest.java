package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.kubernetes.Yaml.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prometheus sees what the rules ask for, under the names that they ask for. */
class MonitoringTest {
  @Test
  void monitorsCallTheirJobsAsTheRulesDo() throws IOException {
    List<String> asked =
        Yaml.one(Files.readString(WrittenFilesTest.OBSERVABILITY.resolve("prometheus.yml")))
            .nodes("scrape_configs")
            .stream()
            .map(config -> config.text("job_name"))
            .toList();
    assertThat(monitors("fleet"))
        .extracting(monitor -> endpoint(monitor).nodes("relabelings").get(0).text("replacement"))
        .containsExactlyInAnyOrderElementsOf(asked);
  }

  @Test
  void rulesAreTakenOverAsTheyAre() throws IOException {
    Node rules =
        Yaml.one(Files.readString(WrittenFilesTest.OBSERVABILITY.resolve("gradwatch.rules.yml")));
    assertThat(rules.nodes("groups")).isNotEmpty();
    assertThat(Chart.resources("fleet", "PrometheusRule"))
        .singleElement()
        .satisfies(resource -> assertThat(resource.node("spec").map()).isEqualTo(rules.map()));
  }

  /** Who is not let in sees no metrics: the console asks for a token, the others do not. */
  @Test
  void theConsoleIsAskedWithAToken() {
    for (Node monitor : monitors("fleet")) {
      boolean console = monitor.text("metadata", "name").endsWith("-console");
      assertThat(endpoint(monitor).text("authorization", "credentials", "name"))
          .isEqualTo(console ? "gradwatch-console-metrics" : "");
    }
    // Without one it would refuse Prometheus, again and again.
    assertThat(monitors("managed"))
        .extracting(monitor -> monitor.text("metadata", "name"))
        .containsExactlyInAnyOrder(
            "gradwatch-job-manager",
            "gradwatch-task-manager",
            "gradwatch-router",
            "gradwatch-gateway");
  }

  @Test
  void aGatewayWithTlsIsAskedByTls() {
    for (String example : List.of("fleet", "managed")) {
      Node gateway =
          monitors(example).stream()
              .filter(monitor -> monitor.text("metadata", "name").endsWith("-gateway"))
              .findFirst()
              .orElseThrow();
      assertThat(endpoint(gateway).text("scheme"))
          .isEqualTo(example.equals("managed") ? "https" : "");
    }
  }

  @Test
  void nothingIsMadeWherePrometheusHasNoOperator() {
    assertThat(Chart.resources("small"))
        .noneMatch(resource -> resource.text("apiVersion").startsWith("monitoring.coreos.com"));
  }

  private static List<Node> monitors(String example) {
    return Chart.resources(example, "PodMonitor");
  }

  private static Node endpoint(Node monitor) {
    List<Node> endpoints = monitor.nodes("spec", "podMetricsEndpoints");
    assertThat(endpoints).hasSize(1);
    return endpoints.get(0);
  }
}

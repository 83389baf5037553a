package io.gradwatch.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.broker.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules and dashboards against what programs that run really export: Debian's Prometheus scrapes a
 * whole installation in which a run is lost and a record is refused.
 */
@Tag("installed")
@Timeout(900)
class RunningMetricsIT {
  /** Series that nothing exports here, and why. */
  private static final Map<String, String> ABSENT =
      Map.of(
          "flink_taskmanager_job_task_operator_deadLettersLost",
          "told only with gradwatch.dead-letter-failure COUNT; MetricsIT of pipeline/jobs reads it",
          "ALERTS",
          "Prometheus' own, while an alert is pending or fires");

  @TempDir private static Path folder;
  private static Installation installation;
  private static RealPrometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    installation = Installation.start(Files.createDirectory(folder.resolve("gradwatch")));
    prometheus =
        RealPrometheus.start(
            Files.createDirectory(folder.resolve("prometheus")), installation.targets());
    // Counters have to be seen before they go up: what rises within a rate rises from something.
    Await.until(
        "all to be scraped",
        () ->
            value("sum(up)") == installation.targets().size()
                && value("max(gradwatch:events:rate5m)") == 0);
    installation.feed();
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (installation != null) {
      installation.close();
    }
  }

  /** The value of an expression with one series; NaN: it has none. */
  private static double value(String expression) {
    JsonNode series = prometheus.query(expression);
    return series.size() == 1 ? series.at("/0/value/1").asDouble() : Double.NaN;
  }

  @Test
  void answersWhatEachPanelAsks() {
    awaitAll(
        "panels that show something",
        Dashboards.panels()
            .flatMap(Dashboards::queries)
            .filter(query -> Selectors.of(query).stream().noneMatch(RunningMetricsIT::isAbsent)),
        query -> !prometheus.query(query).isEmpty());
  }

  @Test
  void hasEverySeriesThatRulesAndPanelsName() {
    awaitAll(
        "series that rules and panels name",
        Stream.concat(
                Rules.all().map(Rules.Rule::expression),
                Dashboards.panels().flatMap(Dashboards::queries))
            .flatMap(expression -> Selectors.of(expression).stream())
            .filter(selector -> !isAbsent(selector)),
        selector -> value("count(" + selector + ") > 0") > 0);
  }

  @Test
  void recordsEveryRule() {
    awaitAll(
        "recorded series",
        Rules.all().filter(rule -> !rule.isAlert()).map(Rules.Rule::name),
        name -> !prometheus.query(name).isEmpty());
  }

  @Test
  void evaluatesEveryRuleWithoutAnError() {
    Set<String> names = Rules.all().map(Rules.Rule::name).collect(Collectors.toSet());
    awaitAll(
        "rules that were evaluated",
        names.stream(),
        name ->
            prometheus.rules().stream()
                .filter(rule -> rule.path("name").asText().equals(name))
                .anyMatch(rule -> !rule.path("health").asText().equals("unknown")));
    assertThat(prometheus.rules())
        .allSatisfy(rule -> assertThat(rule.path("lastError").asText()).isEmpty())
        .extracting(rule -> rule.path("name").asText())
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void hasAReasonForWhatIsNotThere() {
    Set<String> named =
        Stream.concat(
                Rules.all().map(Rules.Rule::expression),
                Dashboards.panels().flatMap(Dashboards::queries))
            .flatMap(expression -> Selectors.of(expression).stream())
            .map(Selectors::name)
            .collect(Collectors.toSet());
    assertThat(named).containsAll(ABSENT.keySet());
  }

  // One process is scraped here both as job manager and as task manager: of one of them only.
  @Test
  void tellsWhatHappened() {
    awaitAll(
        "counts of the run that is lost and of the record that was refused",
        Stream.of(
            "sum(flink_taskmanager_job_task_operator_kind_severity_alarmsOpened{job=\"gradwatch-taskmanager\", kind=\"NON_FINITE\"}) == 1",
            "sum(flink_taskmanager_job_task_operator_reason_deadLetters{job=\"gradwatch-taskmanager\"}) == 1",
            "max(gradwatch_router_alarms_told_total{target=\"ear\"}) >= 1",
            "max(gradwatch_console_runs{state=\"critical\"}) == 1"),
        query -> !prometheus.query(query).isEmpty());
  }

  private static boolean isAbsent(String selector) {
    return ABSENT.containsKey(Selectors.name(selector));
  }

  /** Waits until everything holds, and names what does not. */
  private static void awaitAll(String what, Stream<String> all, Predicate<String> holds) {
    Set<String> missing = all.collect(Collectors.toCollection(TreeSet::new));
    assertThat(missing).isNotEmpty();
    try {
      Await.until(
          what,
          () -> {
            missing.removeIf(holds);
            return missing.isEmpty();
          });
    } catch (IllegalStateException e) {
      throw new AssertionError(
          what + " are missing: " + missing + "; scraped: " + prometheus.query("up"), e);
    }
  }
}

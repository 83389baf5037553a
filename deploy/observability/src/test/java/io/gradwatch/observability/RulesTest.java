package io.gradwatch.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
  private static final Pattern ALERT_NAME = Pattern.compile("alertname=\"(\\w+)\"");

  static Stream<Rules.Rule> alerts() {
    return Rules.alerts();
  }

  static Stream<Rules.Rule> rules() {
    return Rules.all();
  }

  @Test
  void haveNamesOfTheirOwn() {
    assertThat(rules().map(Rules.Rule::name)).doesNotHaveDuplicates();
    assertThat(alerts()).hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void sayHowBadItIsWhatItIsAndWhatToDo(Rules.Rule alert) {
    assertThat(alert.name()).matches("Gradwatch[A-Za-z]+");
    assertThat(alert.labels()).containsOnlyKeys("severity", "component");
    assertThat(alert.labels().get("severity")).isIn("critical", "warning", "info");
    assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "runbook_url");
    assertThat(alert.annotations().get("summary")).isNotBlank().doesNotEndWith(".");
    assertThat(alert.annotations().get("description")).endsWith(".");
    assertThat(alert.annotations().get("runbook_url"))
        .isEqualTo("{{ $externalLabels.runbook }}#" + alert.name().toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void countNoRunAndNoLayer(Rules.Rule rule) {
    assertThat(rule.expression()).doesNotContain("run_id").doesNotContain("layer");
    assertThat(Selectors.of(rule.expression())).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void askForTheJobByItsName(Rules.Rule rule) {
    assertThat(Selectors.of(rule.expression()))
        .filteredOn(selector -> selector.startsWith("flink_"))
        .filteredOn(selector -> selector.contains("_job_"))
        .allMatch(selector -> selector.contains("job_name=\"gradwatch\""));
  }

  /** What the tests for promtool expect of an alert: how often it fires, how often not. */
  @ParameterizedTest
  @MethodSource("alerts")
  void areTestedFiringAndBesideIt(Rules.Rule alert) {
    List<Set<String>> moments = moments();
    long firing = moments.stream().filter(names -> names.contains(alert.name())).count();
    long quiet =
        tests()
            .filter(test -> test.fires().contains(alert.name()))
            .mapToLong(Scenario::quiet)
            .sum();
    assertThat(firing).as("moments at which it fires").isPositive();
    assertThat(quiet).as("moments beside these at which it does not").isPositive();
  }

  /** A test for promtool: the alerts that fire at some moment of it, and its quiet moments. */
  private record Scenario(Set<String> fires, long quiet) {}

  private static Stream<Scenario> tests() {
    return Rules.items(Rules.map(Rules.yaml(Rules.TESTS)).get("tests"))
        .map(Rules::map)
        .map(
            test -> {
              List<Set<String>> moments = momentsOf(test);
              Set<String> fires = new HashSet<>();
              moments.forEach(fires::addAll);
              return new Scenario(
                  fires, moments.stream().filter(names -> !names.containsAll(fires)).count());
            });
  }

  private static List<Set<String>> moments() {
    return Rules.items(Rules.map(Rules.yaml(Rules.TESTS)).get("tests"))
        .flatMap(test -> momentsOf(Rules.map(test)).stream())
        .toList();
  }

  private static List<Set<String>> momentsOf(Map<String, Object> test) {
    return Rules.items(test.get("promql_expr_test"))
        .map(moment -> names(Rules.map(moment).get("exp_samples")))
        .toList();
  }

  private static Set<String> names(Object samples) {
    Map<String, Object> none = new HashMap<>();
    return ALERT_NAME
        .matcher(String.valueOf(samples == null ? none : samples))
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }
}

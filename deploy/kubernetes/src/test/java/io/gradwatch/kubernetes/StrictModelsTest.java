package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.kubernetes.Yaml.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.kubernetes.operator.api.spec.FlinkVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every resource is one that its operator understands to the last field. */
class StrictModelsTest {
  static List<String> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyResourceIsUnderstoodToTheLastField(String example) {
    List<Node> resources = Chart.resources(example);
    assertThat(resources).hasSizeGreaterThan(20);
    for (Node resource : resources) {
      assertThatCode(() -> StrictModels.of(known(resource)))
          .as(resource.title())
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void noTwoResourcesHaveOneName(String example) {
    Set<String> names = new HashSet<>();
    for (Node resource : Chart.resources(example)) {
      assertThat(names.add(resource.text("metadata", "namespace") + "/" + resource.title()))
          .as(resource.title())
          .isTrue();
    }
  }

  @Test
  void aFieldThatAnOperatorDoesNotKnowIsFound() {
    assertThatThrownBy(() -> StrictModels.of(Yaml.one(DEPLOYMENT.formatted("readOnlyRoot: true"))))
        .hasMessageContaining("readOnlyRoot");
    assertThatThrownBy(
            () -> StrictModels.of(Yaml.one(USER.formatted("patternTyp: prefix, type: topic"))))
        .hasMessageContaining("patternTyp");
    assertThatThrownBy(() -> StrictModels.of(Yaml.one(FLINK.formatted("upgradMode: last-state"))))
        .hasMessageContaining("upgradMode");
    assertThatThrownBy(() -> StrictModels.of(Yaml.one(FLINK.formatted("upgradeMode: laststate"))))
        .hasMessageContaining("laststate");
  }

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: a}
      spec: {template: {spec: {containers: [{name: a, securityContext: {%s}}]}}}
      """;

  private static final String USER =
      """
      apiVersion: kafka.strimzi.io/v1
      kind: KafkaUser
      metadata: {name: a}
      spec:
        authorization: {type: simple, acls: [{resource: {name: a, %s}, operations: [Read]}]}
      """;

  private static final String FLINK =
      """
      apiVersion: flink.apache.org/v1beta1
      kind: FlinkDeployment
      metadata: {name: a}
      spec: {job: {%s}}
      """;

  /**
   * The same, with the newest version of Flink that the published model knows in place of ours: it
   * is older than ours, and is only the model of what is asked of it besides.
   */
  private static Node known(Node resource) {
    if (!resource.text("kind").equals("FlinkDeployment")) {
      return resource;
    }
    Map<String, Object> spec = new HashMap<>(resource.node("spec").map());
    spec.put("flinkVersion", FlinkVersion.current().name());
    Map<String, Object> map = new HashMap<>(resource.map());
    map.put("spec", spec);
    return new Node(map);
  }
}

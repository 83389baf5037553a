package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.gradwatch.kubernetes.Yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What looks for pods finds those that are meant, each of them and no other. */
class SelectorsTest {
  private static final Set<String> JOB_MANAGER = Set.of("6123", "6124", "6126", "8081");
  private static final Set<String> TASK_MANAGER = Set.of("6121", "6122", "6126");

  static List<String> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyPodIsUnderOnePolicyAndAllButTaskManagersUnderOneBudget(String example) {
    List<Node> resources = Chart.resources(example);
    for (Pods pods : Pods.of(resources)) {
      assertThat(selecting(resources, "NetworkPolicy", pods)).as(pods.name()).hasSize(1);
      // Kubernetes would count task managers by their owner, the job manager's Deployment.
      assertThat(selecting(resources, "PodDisruptionBudget", pods))
          .as(pods.name())
          .hasSize(pods.component().equals("task-manager") ? 0 : 1);
    }
    for (Node resource : resources) {
      if (!selector(resource).isEmpty()) {
        assertThat(found(resources, resource)).as(resource.title()).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aDeploymentFindsItsOwnPods(String example) {
    List<Node> resources = Chart.resources(example);
    for (Node deployment : resources.stream().filter(Chart.ofKind("Deployment")).toList()) {
      assertThat(found(resources, deployment))
          .singleElement()
          .satisfies(pods -> assertThat(pods.name()).isEqualTo(deployment.title()));
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void servicesAndMonitorsNamePortsThatTheirPodsHave(String example) {
    List<Node> resources = Chart.resources(example);
    for (Node resource : resources) {
      List<String> ports = new ArrayList<>();
      resource.nodes("spec", "ports").forEach(port -> ports.add(port.text("targetPort")));
      resource
          .nodes("spec", "podMetricsEndpoints")
          .forEach(endpoint -> ports.add(endpoint.text("port")));
      for (Pods pods : ports.isEmpty() ? List.<Pods>of() : found(resources, resource)) {
        assertThat(portsOf(pods).keySet()).as(resource.title()).containsAll(ports);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyComponentIsClosedButForWhatItNeeds(String example) {
    List<Node> resources = Chart.resources(example);
    for (Pods pods : Pods.of(resources)) {
      Node policy = selecting(resources, "NetworkPolicy", pods).get(0);
      assertThat(policy.texts("spec", "policyTypes"))
          .containsExactlyInAnyOrder("Ingress", "Egress");
      // No rule without peers or without ports: that would be everybody, or everything.
      for (String way : List.of("ingress", "egress")) {
        for (Node rule : policy.nodes("spec", way)) {
          assertThat(rule.nodes(way.equals("ingress") ? "from" : "to"))
              .as(pods.name() + " " + way)
              .isNotEmpty()
              .noneMatch(peer -> peer.map().isEmpty());
          assertThat(rule.nodes("ports")).as(pods.name() + " " + way).isNotEmpty();
        }
      }
      Set<String> in = ports(policy.nodes("spec", "ingress"));
      Set<String> own =
          portsOf(pods).values().stream()
              .map(String::valueOf)
              .collect(Collectors.toCollection(TreeSet::new));
      switch (pods.component()) {
        case "job-manager" -> own.addAll(JOB_MANAGER);
        case "task-manager" -> own.addAll(TASK_MANAGER);
        default -> assertThat(own).hasSize(1);
      }
      assertThat(in).as(pods.name()).isEqualTo(own);
      assertThat(ports(policy.nodes("spec", "egress")))
          .as(pods.name())
          .contains("53")
          .containsAll(kafkaPorts(example));
    }
  }

  @Test
  void flinkTalksToItselfOnThePortsThatItIsTold() {
    Node deployment = Chart.resources("fleet", "FlinkDeployment").get(0);
    Map<String, String> settings = deployment.strings("spec", "flinkConfiguration");
    assertThat(JOB_MANAGER)
        .containsExactlyInAnyOrder(
            settings.get("high-availability.jobmanager.port"),
            settings.get("blob.server.port"),
            settings.get("metrics.internal.query-service.port"),
            "8081"); // rest.port, by Flink's default
    assertThat(TASK_MANAGER)
        .containsExactlyInAnyOrder(
            settings.get("taskmanager.data.port"),
            settings.get("taskmanager.rpc.port"),
            settings.get("metrics.internal.query-service.port"));
    assertThat(settings.get("jobmanager.rpc.port"))
        .isEqualTo(settings.get("high-availability.jobmanager.port"));
    List<Node> resources = Chart.resources("fleet");
    for (Pods pods : Pods.of(resources)) {
      boolean flink = pods.component().endsWith("-manager");
      Node policy = selecting(resources, "NetworkPolicy", pods).get(0);
      for (Node rule : policy.nodes("spec", "ingress")) {
        Set<String> ports = ports(List.of(rule));
        if (ports.contains("6126")) {
          assertThat(flink).isTrue();
          assertThat(
                  rule.nodes("from").stream()
                      .map(peer -> peer.strings("podSelector", "matchLabels"))
                      .flatMap(labels -> matching(resources, labels).stream())
                      .map(Pods::component))
              .containsExactlyInAnyOrder("job-manager", "task-manager");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void budgetsLeaveSomebodyAtWorkWhereThereAreTwo(String example) {
    for (Node budget : Chart.resources(example, "PodDisruptionBudget")) {
      assertThat(budget.at("spec", "maxUnavailable")).as(budget.title()).isEqualTo(1);
    }
    for (Node deployment : Chart.resources(example, "Deployment")) {
      assertThat(deployment.at("spec", "replicas"))
          .as(deployment.title())
          .isEqualTo(example.equals("small") ? 1 : 2);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyResourceSaysWhatItIsOf(String example) {
    for (Node resource : Chart.resources(example)) {
      assertThat(resource.strings("metadata", "labels"))
          .as(resource.title())
          .containsEntry("app.kubernetes.io/name", "gradwatch")
          .containsEntry("app.kubernetes.io/instance", "gradwatch")
          .containsKeys("app.kubernetes.io/component", "helm.sh/chart");
    }
  }

  @Test
  void aReleaseOfAnotherNameFindsItsOwn() {
    // Two in one namespace must not find each other's pods.
    List<Node> resources = Chart.resources("small");
    for (Node resource : resources) {
      Map<String, String> selector = selector(resource);
      if (!selector.isEmpty()) {
        assertThat(selector)
            .as(resource.title())
            .containsEntry("app.kubernetes.io/instance", "gradwatch");
      }
    }
  }

  private static Set<String> kafkaPorts(String example) {
    String servers = new Node(Values.of(example).map()).text("kafka", "bootstrapServers");
    return List.of(servers.split(",", -1)).stream()
        .map(server -> server.substring(server.lastIndexOf(':') + 1))
        .collect(Collectors.toSet());
  }

  private static Set<String> ports(List<Node> rules) {
    return rules.stream()
        .flatMap(rule -> rule.nodes("ports").stream())
        .map(port -> port.text("port"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Integer> portsOf(Pods pods) {
    return pods.template().getSpec().getContainers().get(0).getPorts().stream()
        .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
  }

  private static List<Node> selecting(List<Node> resources, String kind, Pods pods) {
    return resources.stream()
        .filter(Chart.ofKind(kind))
        .filter(resource -> matches(selector(resource), pods))
        .toList();
  }

  private static List<Pods> found(List<Node> resources, Node by) {
    return matching(resources, selector(by));
  }

  private static List<Pods> matching(List<Node> resources, Map<String, String> selector) {
    return Pods.of(resources).stream().filter(pods -> matches(selector, pods)).toList();
  }

  private static boolean matches(Map<String, String> selector, Pods pods) {
    return !selector.isEmpty()
        && selector.entrySet().stream()
            .allMatch(label -> Objects.equals(pods.labels().get(label.getKey()), label.getValue()));
  }

  /** By which a resource looks for pods; empty where it does not. */
  private static Map<String, String> selector(Node resource) {
    return switch (resource.text("kind")) {
      case "Service" -> resource.strings("spec", "selector");
      case "NetworkPolicy" -> resource.strings("spec", "podSelector", "matchLabels");
      default -> resource.strings("spec", "selector", "matchLabels");
    };
  }
}

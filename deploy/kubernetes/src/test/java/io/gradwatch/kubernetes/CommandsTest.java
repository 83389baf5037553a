package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.gradwatch.cli.CommandLines;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.RouterConfigReader;
import io.gradwatch.kubernetes.Yaml.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.ParseResult;

/** What pods are told to do is what the command understands. */
class CommandsTest {
  static List<String> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theCommandUnderstandsItsArguments(String example) {
    for (Pods pods : commands(example)) {
      Container container = container(pods);
      ParseResult parsed =
          CommandLines.parse(container.getArgs().toArray(String[]::new)).subcommand();
      assertThat(parsed.commandSpec().name()).isEqualTo(pods.component());
      assertThat(parsed.matchedOptionValue("--bootstrap-server", ""))
          .isEqualTo(new Node(Values.of(example).map()).text("kafka", "bootstrapServers"));
      assertThat(parsed.unmatched()).isEmpty();
    }
  }

  @Test
  void thoseThatReadKnowTheRegistryAndItsLoginByReference() {
    List<Pods> all =
        Pods.of(
            Values.of("small")
                .with("registry.url", "https://registry.example.com")
                .with("registry.user", "reader")
                .with("registry.credentials.secret", "gradwatch-registry")
                .with("registry.trust.secret", "registry-ca")
                .resources());
    for (Pods pods : all) {
      if (pods.name().startsWith("Deployment/")) {
        ParseResult parsed =
            CommandLines.parse(container(pods).getArgs().toArray(String[]::new)).subcommand();
        assertThat(parsed.matchedOptionValue("--registry", ""))
            .as(pods.name())
            .isEqualTo("https://registry.example.com");
        assertThat(parsed.matchedOptionValue("--registry-basic-auth", ""))
            .isEqualTo("reader:${file:/etc/gradwatch/registry/registry.properties:password}");
        assertThat(parsed.matchedOptionValue("--registry-ca-file", Path.of("")))
            .isEqualTo(Path.of("/etc/gradwatch/registry-trust/ca.crt"));
        assertThat(container(pods).getVolumeMounts())
            .extracting(VolumeMount::getMountPath)
            .contains("/etc/gradwatch/registry", "/etc/gradwatch/registry-trust");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void itListensWhereItsPortIs(String example) {
    for (Pods pods : commands(example)) {
      Container container = container(pods);
      boolean router = pods.component().equals("router");
      assertThat(container.getArgs())
          .contains(router ? "--metrics-bind=0.0.0.0" : "--bind=0.0.0.0");
      assertThat(container.getPorts())
          .extracting(ContainerPort::getContainerPort)
          .allSatisfy(
              port ->
                  assertThat(container.getArgs())
                      .contains((router ? "--metrics-port=" : "--port=") + port))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyFileItNamesIsMounted(String example) {
    for (Pods pods : commands(example)) {
      Container container = container(pods);
      List<String> folders =
          container.getVolumeMounts().stream().map(VolumeMount::getMountPath).toList();
      List<String> files =
          container.getArgs().stream()
              .filter(argument -> argument.contains("=/"))
              .map(argument -> argument.substring(argument.indexOf("=/") + 1))
              .toList();
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(file -> assertThat(folders).contains(Path.of(file).getParent().toString()));
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theRouterUnderstandsItsRules(String example, @TempDir Path folder) throws Exception {
    Node map =
        Chart.resources(example, "ConfigMap").stream()
            .filter(one -> one.title().equals("ConfigMap/gradwatch-router"))
            .findFirst()
            .orElseThrow();
    Path secret = Files.writeString(folder.resolve("pagerduty"), "https://hooks.example.com/hush");
    Path file =
        Files.writeString(
            folder.resolve("router.yaml"),
            map.text("data", "router.yaml")
                .replace("/etc/gradwatch/targets", folder.toString())
                // What the environment of the pod has, and this one has not.
                .replaceAll(": \\$\\{env:[A-Z_]+}", "-file: " + secret));
    RouterConfig config = RouterConfigReader.read(file);
    Map<String, Integer> targets = Map.of("team", 2, "fleet", 3);
    assertThat(config.targets()).hasSize(targets.getOrDefault(example, 0));
  }

  private static List<Pods> commands(String example) {
    List<Pods> all = Pods.of(Chart.resources(example));
    List<Pods> commands =
        all.stream().filter(pods -> pods.name().startsWith("Deployment/")).toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(2);
    return commands;
  }

  private static Container container(Pods pods) {
    return pods.template().getSpec().getContainers().get(0);
  }
}

package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.gradwatch.kubernetes.Yaml.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every pod is held to, whoever makes it. */
class PodsTest {
  /** The user of the images. */
  private static final long USER = 9999;

  static List<String> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void noneIsRootOrCanBecomeIt(String example) {
    for (Pods pods : pods(example)) {
      PodSecurityContext security = pods.template().getSpec().getSecurityContext();
      assertThat(security.getRunAsNonRoot()).as(pods.name()).isTrue();
      assertThat(security.getRunAsUser()).as(pods.name()).isEqualTo(USER);
      assertThat(security.getRunAsGroup()).as(pods.name()).isEqualTo(USER);
      assertThat(security.getSeccompProfile().getType())
          .as(pods.name())
          .isEqualTo("RuntimeDefault");
      SecurityContext own = container(pods).getSecurityContext();
      assertThat(own.getRunAsNonRoot()).as(pods.name()).isTrue();
      assertThat(own.getPrivileged()).as(pods.name()).isFalse();
      assertThat(own.getAllowPrivilegeEscalation()).as(pods.name()).isFalse();
      assertThat(own.getCapabilities().getDrop()).as(pods.name()).containsExactly("ALL");
      assertThat(own.getCapabilities().getAdd()).as(pods.name()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void noneWritesButWhereItIsLetTo(String example) {
    for (Pods pods : pods(example)) {
      Container container = container(pods);
      assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
          .as(pods.name())
          .isTrue();
      Map<String, Volume> volumes =
          pods.template().getSpec().getVolumes().stream()
              .collect(Collectors.toMap(Volume::getName, volume -> volume));
      assertThat(container.getVolumeMounts())
          .as(pods.name())
          .extracting(VolumeMount::getName)
          .containsExactlyInAnyOrderElementsOf(volumes.keySet());
      assertThat(container.getVolumeMounts())
          .as(pods.name())
          .extracting(VolumeMount::getMountPath)
          .contains("/tmp")
          .doesNotHaveDuplicates();
      for (VolumeMount mount : container.getVolumeMounts()) {
        Volume volume = volumes.get(mount.getName());
        boolean given = volume.getSecret() != null || volume.getConfigMap() != null;
        assertThat(Boolean.TRUE.equals(mount.getReadOnly()))
            .as(pods.name() + " " + mount.getMountPath())
            .isEqualTo(given);
        if (volume.getEmptyDir() != null) {
          assertThat(volume.getEmptyDir().getSizeLimit()).as(mount.getMountPath()).isNotNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void onlyFlinkHasATokenOfTheKubernetesApi(String example) {
    for (Pods pods : pods(example)) {
      PodSpec spec = pods.template().getSpec();
      boolean flink = pods.component().endsWith("-manager");
      assertThat(spec.getAutomountServiceAccountToken())
          .as(pods.name())
          .isEqualTo(flink ? null : false);
      assertThat(spec.getHostNetwork()).as(pods.name()).isNull();
      assertThat(spec.getEnableServiceLinks()).as(pods.name()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void eachHasProbesRequestsAndLimits(String example) {
    for (Pods pods : pods(example)) {
      Container container = container(pods);
      for (Probe probe :
          List.of(
              container.getStartupProbe(),
              container.getLivenessProbe(),
              container.getReadinessProbe())) {
        assertThat(probe.getHttpGet() != null || probe.getTcpSocket() != null)
            .as(pods.name())
            .isTrue();
      }
      assertThat(pods.resources().keySet())
          .as(pods.name())
          .contains("request cpu", "request memory", "limit memory");
      assertThat(pods.image()).as(pods.name()).matches(".+(:|@sha256:)[^:]+");
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void secretsAreNamedAndNeverSaid(String example) {
    for (Pods pods : pods(example)) {
      assertThat(container(pods).getEnv())
          .as(pods.name())
          .allSatisfy(
              variable ->
                  assertThat(variable.getValueFrom() != null || PUBLIC.contains(variable.getName()))
                      .as(variable.getName())
                      .isTrue());
      for (Volume volume : pods.template().getSpec().getVolumes()) {
        if (volume.getSecret() != null) {
          // Others may not read it: the programs refuse a file that everybody may read.
          assertThat(volume.getSecret().getDefaultMode()).as(volume.getName()).isEqualTo(0440);
        }
      }
    }
    assertThat(Chart.resources(example)).noneMatch(Chart.ofKind("Secret"));
    for (Node map : Chart.resources(example, "ConfigMap")) {
      for (String text : map.strings("data").values()) {
        text.lines()
            .filter(PodsTest::isOfASecret)
            .forEach(line -> assertThat(line).matches(".*(\\$\\{(dir|env|file):.+}|-file: .+)"));
      }
    }
    for (Node deployment : Chart.resources(example, "FlinkDeployment")) {
      deployment
          .strings("spec", "flinkConfiguration")
          .forEach(
              (name, value) -> {
                if (isOfASecret(name)) {
                  // Of files that are themselves the secret.
                  assertThat(name).startsWith("security.ssl.internal.");
                  assertThat(value).isEqualTo("changeit");
                }
              });
    }
  }

  /** Variables that hold no secret. */
  private static final Set<String> PUBLIC = Set.of("ENABLE_BUILT_IN_PLUGINS");

  private static boolean isOfASecret(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return Stream.of("password", "secret", "token", "jaas", "key=", "routing-key", "webhook")
        .anyMatch(lower::contains);
  }

  @Test
  void anImageOfADigestIsTakenByIt() {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    Node resource =
        Values.of("small")
            .with("images.console.digest", digest)
            .with("images.console.tag", "ignored")
            .resource("Deployment", "gradwatch-console");
    assertThat(resource.nodes("spec", "template", "spec", "containers").get(0).text("image"))
        .isEqualTo("gradwatch/console@" + digest);
  }

  private static List<Pods> pods(String example) {
    List<Pods> pods = Pods.of(Chart.resources(example));
    assertThat(pods)
        .extracting(Pods::component)
        .contains("job-manager", "task-manager", "console", "router")
        .doesNotHaveDuplicates();
    return pods;
  }

  private static Container container(Pods pods) {
    List<Container> containers = pods.template().getSpec().getContainers();
    assertThat(containers).as(pods.name()).hasSize(1);
    return containers.get(0);
  }
}

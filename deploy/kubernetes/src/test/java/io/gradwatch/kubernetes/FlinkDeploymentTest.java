package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.options.JobArguments;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.kubernetes.Yaml.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The job runs as the chart asks for it. */
class FlinkDeploymentTest {
  private static final List<Class<?>> OPTIONS =
      List.of(
          AutoScalerOptions.class,
          BlobServerOptions.class,
          CheckpointingOptions.class,
          HighAvailabilityOptions.class,
          JobManagerOptions.class,
          MetricOptions.class,
          NettyShuffleEnvironmentOptions.class,
          PipelineOptions.class,
          RestartStrategyOptions.class,
          SecurityOptions.class,
          StateBackendOptions.class,
          TaskManagerOptions.class,
          WebOptions.class);

  /** Of the operator, whose options are in no published artifact, and of a reporter named prom. */
  private static final Set<String> NAMED_ELSEWHERE =
      Set.of(
          "kubernetes.operator.job.restart.failed",
          "metrics.reporter.prom.factory.class",
          "metrics.reporter.prom.port",
          "restart-strategy.type",
          "restart-strategy.exponential-delay.initial-backoff",
          "restart-strategy.exponential-delay.max-backoff");

  static List<String> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everySettingIsOneOfFlinksAndHasAValueOfItsKind(String example) throws Exception {
    Map<String, ConfigOption<?>> known = knownOptions();
    Map<String, String> settings = deployment(example).strings("spec", "flinkConfiguration");
    Configuration configuration = Configuration.fromMap(settings);
    settings
        .keySet()
        .forEach(
            name -> {
              if (!NAMED_ELSEWHERE.contains(name)) {
                assertThat(known).containsKey(name);
                assertThatCode(() -> configuration.getOptional(known.get(name)))
                    .as(name)
                    .doesNotThrowAnyException();
              }
            });
    assertThat(settings)
        .containsEntry(
            "metrics.reporter.prom.factory.class", PrometheusReporterFactory.class.getName());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void itCanBeUpgradedFromItsLastStateAndNobodySubmitsToIt(String example) {
    Node deployment = deployment(example);
    Map<String, String> settings = deployment.strings("spec", "flinkConfiguration");
    assertThat(deployment.text("spec", "job", "upgradeMode")).isEqualTo("last-state");
    assertThat(settings)
        .containsEntry("high-availability.type", "kubernetes")
        .containsEntry("web.submit.enable", "false")
        .containsEntry("web.cancel.enable", "false")
        .containsKeys(
            "high-availability.storageDir",
            "execution.checkpointing.dir",
            "execution.checkpointing.savepoint-dir");
    // The job must not be told to count tasks that its state has no place for.
    assertThat(settings).containsEntry("pipeline.max-parallelism", "720");
  }

  @Test
  void sizeDecidesAboutStateAndScaling() {
    Map<String, String> small = deployment("small").strings("spec", "flinkConfiguration");
    assertThat(small)
        .containsEntry("state.backend.type", "hashmap")
        .containsEntry("taskmanager.memory.managed.size", "0")
        .doesNotContainKeys("execution.checkpointing.incremental", "job.autoscaler.enabled");
    Map<String, String> fleet = deployment("fleet").strings("spec", "flinkConfiguration");
    assertThat(fleet)
        .containsEntry("state.backend.type", "rocksdb")
        .containsEntry("execution.checkpointing.incremental", "true")
        .doesNotContainKey("taskmanager.memory.managed.size")
        .containsEntry("job.autoscaler.enabled", "true")
        .containsEntry("jobmanager.scheduler", "adaptive");
    assertThat(deployment("fleet").at("spec", "jobManager", "replicas")).isEqualTo(2);
  }

  @Test
  void whatValuesSayWinsOverSizeAndChart() {
    Node deployment =
        Values.of("fleet")
            .with("job.autoscaler.enabled", false)
            .with("job.taskManager.slots", 8)
            .with("job.parallelism", 24)
            .with("job.flinkConfiguration", Map.of("state.backend.type", "hashmap"))
            .resource("FlinkDeployment", "gradwatch-job");
    assertThat(deployment.strings("spec", "flinkConfiguration"))
        .containsEntry("state.backend.type", "hashmap")
        .containsEntry("taskmanager.numberOfTaskSlots", "8")
        .doesNotContainKey("job.autoscaler.enabled");
    assertThat(deployment.at("spec", "job", "parallelism")).isEqualTo(24);
    assertThat(deployment.text("spec", "taskManager", "resource", "memory")).isEqualTo("4096m");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theJobUnderstandsItsArguments(String example, @TempDir Path folder) throws Exception {
    JobArguments arguments = arguments(Values.of(example), folder);
    assertThat(arguments.flink().toMap()).isEmpty();
    assertThat(arguments.options().kafka())
        .containsEntry(
            "bootstrap.servers",
            new Node(Values.of(example).map()).text("kafka", "bootstrapServers"));
    // The settings name their providers themselves: nothing is added to them.
    assertThat(arguments.options().kafka()).containsEntry("config.providers", "dir");
    if (example.equals("fleet")) {
      assertThat(arguments.options().get(JobOptions.MAX_RUNS)).isEqualTo(50_000);
      assertThat(arguments.options().get(JobOptions.RUN_EXPIRY)).hasDays(14);
    }
  }

  @Test
  void aJobOnATrialWithoutTlsUnderstandsItsArguments(@TempDir Path folder) throws Exception {
    JobArguments arguments =
        arguments(
            Values.of("small")
                .with("kafka.encryption", false)
                .with("kafka.authentication", "none")
                .with("kafka.trust", null),
            folder);
    assertThat(arguments.options().get(JobOptions.ALLOW_PLAINTEXT)).isTrue();
    assertThat(arguments.options().kafka()).containsEntry("security.protocol", "PLAINTEXT");
  }

  @Test
  void theJobKnowsTheRegistryAndItsLoginByReference(@TempDir Path folder) throws Exception {
    Values values =
        Values.of("managed")
            .with("registry.url", "https://registry.example.com")
            .with("registry.write", true)
            .with("registry.credentials.secret", "gradwatch-registry");
    assertThat(arguments(values, folder).options().get(JobOptions.REGISTRY_BEARER_TOKEN))
        .isEqualTo("${file:/etc/gradwatch/registry/registry.properties:token}");
    JobOptions options = arguments(values.with("registry.user", "job"), folder).options();
    assertThat(options.get(JobOptions.REGISTRY_BASIC_AUTH))
        .isEqualTo("job:${file:/etc/gradwatch/registry/registry.properties:password}");
    assertThat(options.get(JobOptions.REGISTRY_WRITE)).isTrue();
    assertThat(options.get(JobOptions.REGISTRY_URL)).isEqualTo("https://registry.example.com");
    for (Pods pods : Pods.of(values.resources())) {
      boolean reads = !pods.component().equals("gateway");
      assertThat(
              pods.template().getSpec().getVolumes().stream()
                  .anyMatch(volume -> volume.getName().equals("registry")))
          .as(pods.name())
          .isEqualTo(reads);
    }
  }

  private static JobArguments arguments(Values values, Path folder) throws IOException {
    Path client = folder.resolve("client.properties");
    Files.writeString(client, ClientSettingsTest.clientProperties(values.resources()));
    return JobArguments.parse(
        values.resource("FlinkDeployment", "gradwatch-job").texts("spec", "job", "args").stream()
            .map(arg -> arg.replace("/etc/gradwatch/client/client.properties", client.toString()))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "fleet"})
  void imageVersionAndClassAreOfThisBuild(String example) {
    Node deployment = deployment(example);
    String[] version = EnvironmentInformation.getVersion().split("\\.", -1);
    assertThat(deployment.text("spec", "flinkVersion"))
        .isEqualTo("v" + version[0] + "_" + version[1]);
    assertThat(deployment.text("spec", "job", "entryClass"))
        .isEqualTo(GradwatchJob.class.getName());
    assertThat(deployment.text("spec", "image")).endsWith("gradwatch/job:" + chart("appVersion"));
  }

  /** Jars of plugins bear Flink's version, and each has a place of its own to be linked to. */
  @Test
  void pluginsAreOfThisVersionOfFlinkAndCanBePutInPlace() {
    for (String example : List.of("team", "fleet", "managed")) {
      List<String> plugins = new Node(Values.of(example).map()).texts("job", "plugins");
      assertThat(plugins)
          .isNotEmpty()
          .allMatch(jar -> jar.endsWith("-" + EnvironmentInformation.getVersion() + ".jar"));
      List<String> mounts =
          Pods.of(Chart.resources(example)).stream()
              .filter(pods -> pods.component().equals("task-manager"))
              .flatMap(
                  pods ->
                      pods.template().getSpec().getContainers().get(0).getVolumeMounts().stream())
              .map(mount -> mount.getMountPath())
              .toList();
      for (String jar : plugins) {
        assertThat(mounts).contains("/opt/flink/plugins/" + jar.replace(".jar", ""));
      }
    }
  }

  private static String chart(String key) {
    try {
      return Yaml.one(Files.readString(Chart.FOLDER.resolve("Chart.yaml"))).text(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Node deployment(String example) {
    List<Node> deployments = new ArrayList<>(Chart.resources(example, "FlinkDeployment"));
    assertThat(deployments).hasSize(1);
    return deployments.get(0);
  }

  /** By their names of today, not by those of old that Flink still understands. */
  private static Map<String, ConfigOption<?>> knownOptions() throws IllegalAccessException {
    Map<String, ConfigOption<?>> known = new HashMap<>();
    for (Class<?> type : OPTIONS) {
      for (Field field : type.getFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && field.get(null) instanceof ConfigOption<?> option
            && !field.isAnnotationPresent(Deprecated.class)) {
          known.put(option.key(), option);
        }
      }
    }
    return known;
  }
}

package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.gradwatch.jobs.options.JobOption;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.kubernetes.Yaml.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be set, and what is refused before anything is installed. */
class SchemaTest {
  /** Options of the job that other values decide. */
  private static final Set<String> DECIDED =
      Set.of(
          "bootstrap-servers",
          "allow-plaintext",
          "group-id",
          "transactional-id-prefix",
          "create-topics",
          "registry.url",
          "registry.write",
          "registry.basic-auth",
          "registry.bearer-token",
          "registry.ca-file");

  static List<Arguments> wrongValues() {
    return List.of(
        wrong("kafka.bootstrapServers", null, "kafka", "bootstrapServers"),
        wrong("kafka.bootstrapServers", "kafka", "/kafka/bootstrapServers"),
        wrong("kafka.password", "hush", "/kafka", "'password' not allowed"),
        wrong("kafka.authentication", "scram", "/kafka/authentication"),
        wrong(
            "kafka.authentication", "plain", "/kafka/authentication"), // Strimzi has no such users
        wrong("kafka.encryption", false, "/kafka/authentication"),
        wrong("job.checkpoints", null, "/job", "'checkpoints'"),
        wrong("job.checkpoints", "", "/job/checkpoints"),
        wrong("job.savepoints", null, "/job", "'savepoints'"),
        wrong("job.highAvailability", null, "/job", "'highAvailability'"),
        wrong("job.flinkVersion", "v1_20", "/job/flinkVersion"),
        wrong("job.parallelism", 721, "/job/parallelism"),
        wrong("job.options", Map.of("run-expirey", "1 d"), "'run-expirey' not allowed"),
        wrong("job.options", Map.of("create-topics", true), "'create-topics' not allowed"),
        wrong(
            "job.flinkConfiguration",
            Map.of("gradwatch.max-runs", 1),
            "invalid propertyName 'gradwatch.max-runs'"),
        wrong(
            "job.flinkConfiguration",
            Map.of("s3.secret-key", "hush"),
            "invalid propertyName 's3.secret-key'"),
        wrong("console.tokens.secret", null, "/console"), // nobody could be known
        wrong("console.password", "hush", "/console", "'password' not allowed"),
        wrong("console.ingress", Map.of("enabled", true), "/console/ingress"),
        wrong(
            "console.resources", Map.of("requests", Map.of("memory", "1Gi")), "/console/resources"),
        wrong("gateway.enabled", true, "/gateway/tokens/secret"),
        wrong(
            "router.config",
            Map.of(
                "targets",
                List.of(Map.of("name", "p", "type", "pagerduty", "routing-key", "hush"))),
            "/router/config/targets/0/routing-key"),
        wrong(
            "router.config",
            Map.of(
                "targets", List.of(Map.of("name", "s", "type", "slack", "url", "https://h/T/B"))),
            "/router/config/targets/0/url"),
        wrong("registry.url", "http://registry:8081", "/registry/url"),
        wrong("registry.write", true, "/registry/url"), // to where would the schemas go?
        wrong("registry.token", "hush", "/registry", "'token' not allowed"),
        wrong("size", "large", "/size"),
        wrong("projects", List.of("Vision"), "/projects/0"),
        wrong("projects", List.of(), "/projects"),
        wrong("images.console.digest", "sha256:1", "/images/console/digest"),
        wrong(
            "kafka.strimzi.enabled", false, "/networkPolicy/kafka"), // where would the brokers be?
        wrong("networkPolicy.kafkaPorts", List.of(0), "/networkPolicy/kafkaPorts/0"),
        wrong("replicas", 2, "'replicas' not allowed"));
  }

  private static Arguments wrong(String path, @Nullable Object value, String... said) {
    return Arguments.of(path, value, List.of(said));
  }

  @ParameterizedTest
  @MethodSource("wrongValues")
  void aWrongValueIsNamed(String path, @Nullable Object value, List<String> said) {
    Values values = Values.of("small").with(path, value);
    assertThatThrownBy(values::resources)
        .isInstanceOf(IllegalStateException.class)
        .message()
        .contains("values don't meet the specifications of the schema")
        .contains(said);
  }

  @Test
  void whatIsRefusedAboveIsAllThatIsWrong() {
    assertThatCode(() -> Values.of("small").resources()).doesNotThrowAnyException();
  }

  @Test
  void optionsOfTheJobAreThoseThatItKnows() {
    Set<String> known =
        JobOptions.catalogue().stream()
            .map(JobOption::name)
            .map(name -> name.substring(JobOptions.PREFIX.length()))
            .filter(name -> !DECIDED.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(
            schema()
                .node("properties", "job", "properties", "options", "properties")
                .map()
                .keySet())
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void everyValueIsDescribedAndEveryMappingIsClosed() {
    requireDescribed(schema(), "values");
  }

  private static void requireDescribed(Node schema, String path) {
    if (schema.at("properties") == null) {
      return;
    }
    assertThat(schema.at("additionalProperties")).as(path).isEqualTo(false);
    schema
        .node("properties")
        .map()
        .forEach(
            (name, value) -> {
              Node property = new Node(Yaml.asMap(value));
              assertThat(property.at("description") != null || property.at("$ref") != null)
                  .as(path + "." + name)
                  .isTrue();
              // What a router's targets are is said by the router.
              if (property.at("additionalProperties") != null) {
                requireDescribed(property, path + "." + name);
              }
            });
  }

  /** Defaults of one are what the other describes: a value in only one of them is forgotten. */
  @Test
  void everyDefaultIsInTheSchemaAndTheOtherWayRound() throws IOException {
    Node values = Yaml.one(Files.readString(Chart.FOLDER.resolve("values.yaml")));
    requireSame(
        values,
        schema(),
        "",
        Set.of(
            ".global",
            ".kafka.bootstrapServers",
            ".job.checkpoints",
            ".job.savepoints",
            ".job.highAvailability"));
  }

  private static void requireSame(Node values, Node schema, String path, Set<String> without) {
    Set<String> described = new TreeSet<>(schema.node("properties").map().keySet());
    described.removeIf(name -> without.contains(path + "." + name));
    // An empty mapping is filled by size, or by nobody.
    if (described.isEmpty() || values.map().isEmpty()) {
      return;
    }
    assertThat(values.map().keySet()).as("values at " + path).isEqualTo(described);
    values
        .map()
        .forEach(
            (name, value) -> {
              if (value instanceof Map<?, ?>) {
                requireSame(
                    values.node(name), schema.node("properties", name), path + "." + name, without);
              }
            });
  }

  /** Its check looks at the defaults alone, so what only a site knows is put among them. */
  @Test
  void helmFindsNothingToComplainOf(@TempDir Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(Chart.FOLDER)) {
      for (Path file : files.sorted().toList()) {
        Path copy = folder.resolve(Chart.FOLDER.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    Files.writeString(
        folder.resolve("values.yaml"),
        new Values(Yaml.one(Files.readString(Chart.FOLDER.resolve("values.yaml"))).map())
            .with("kafka.bootstrapServers", "kafka:9093")
            .with("job.checkpoints", "file:///checkpoints")
            .with("job.savepoints", "file:///savepoints")
            .with("job.highAvailability", "file:///ha")
            .with("console.tokens.secret", "tokens")
            .text());
    LintResult lint = new Helm(folder).lint().strict().quiet().call();
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
  }

  private static Node schema() {
    try {
      return Yaml.one(Files.readString(Chart.FOLDER.resolve("values.schema.json")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.kubernetes.Yaml.Node;
import io.gradwatch.schemas.KafkaTransport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka's clients find their credentials where the chart puts them, and these nowhere else. */
class ClientSettingsTest {
  @TempDir private Path folder;

  @Test
  void aCertificateOfStrimzisIsRead() throws IOException {
    Files.writeString(folder.resolve("user.crt"), "the chain");
    Files.writeString(folder.resolve("user.key"), "the key");
    AdminClientConfig config = config(Chart.resources("small"));
    assertThat(config.getString("security.protocol")).isEqualTo("SSL");
    assertThat(config.getString("ssl.keystore.type")).isEqualTo("PEM");
    assertThat(secret(config, "ssl.keystore.certificate.chain")).isEqualTo("the chain");
    assertThat(secret(config, "ssl.keystore.key")).isEqualTo("the key");
    assertThat(config.getString("ssl.truststore.type")).isEqualTo("PEM");
    assertThat(config.getString("ssl.truststore.location"))
        .isEqualTo("/etc/gradwatch/trust/ca.crt");
  }

  @ParameterizedTest
  @CsvSource({"scram-sha-512, SCRAM-SHA-512", "scram-sha-256, SCRAM-SHA-256", "plain, PLAIN"})
  void aLoginIsRead(String authentication, String mechanism) throws IOException {
    Files.writeString(folder.resolve("sasl.jaas.config"), "a login");
    AdminClientConfig config =
        config(Values.of("managed").with("kafka.authentication", authentication).resources());
    assertThat(config.getString("security.protocol")).isEqualTo("SASL_SSL");
    assertThat(config.getString("sasl.mechanism")).isEqualTo(mechanism);
    assertThat(secret(config, "sasl.jaas.config")).isEqualTo("a login");
  }

  @Test
  void whatLiesElsewhereIsNotRead() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("sasl.jaas.config"), "another login");
    Map<String, Object> settings = settings(Chart.resources("managed"));
    settings.put("sasl.jaas.config", "${dir:" + elsewhere.resolve("..") + "/..:sasl.jaas.config}");
    assertThat(secret(new AdminClientConfig(settings), "sasl.jaas.config")).startsWith("${dir:");
  }

  @Test
  void everyExampleSpeaksTls() throws IOException {
    for (String example : Chart.examples()) {
      KafkaTransport.requireTls(settings(Chart.resources(example)), "never without");
    }
  }

  /** The file in the ConfigMap. */
  static String clientProperties(List<Node> resources) {
    return resources.stream()
        .filter(resource -> resource.title().equals("ConfigMap/gradwatch-client"))
        .map(map -> map.text("data", "client.properties"))
        .findFirst()
        .orElseThrow();
  }

  private AdminClientConfig config(List<Node> resources) throws IOException {
    return new AdminClientConfig(settings(resources));
  }

  /** As a pod has them, with this folder in the place of its mount. */
  private Map<String, Object> settings(List<Node> resources) throws IOException {
    Properties properties = new Properties();
    properties.load(
        new StringReader(
            clientProperties(resources).replace("/etc/gradwatch/user", folder.toString())));
    Map<String, Object> settings = new java.util.HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name)));
    settings.put("bootstrap.servers", "kafka:9093");
    return settings;
  }

  private static String secret(AdminClientConfig config, String name) {
    Password password = config.getPassword(name);
    return password.value();
  }
}

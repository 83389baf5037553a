package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.kubernetes.Yaml.Node;
import io.gradwatch.schemas.KafkaTransport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka's clients find their credentials where the chart puts them, and these nowhere else. */
class ClientSettingsTest {
  private static final String PASSWORD = "throw-away";

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

  /** A key without a password and a chain, as Strimzi's user operator writes them. */
  @Test
  void suchACertificateIsShownToBrokers() throws Exception {
    KeyStore made = keyPair();
    write("user.key", "PRIVATE KEY", made.getKey("job", PASSWORD.toCharArray()).getEncoded());
    write("user.crt", "CERTIFICATE", made.getCertificate("job").getEncoded());
    write("ca.crt", "CERTIFICATE", made.getCertificate("job").getEncoded());
    Map<String, Object> settings = settings(Chart.resources("small"));
    settings.put("ssl.truststore.location", folder.resolve("ca.crt").toString());
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(new AdminClientConfig(settings).values());
      KeyStore shown = factory.keystore();
      assertThat(shown.getCertificate(shown.aliases().nextElement()))
          .isEqualTo(made.getCertificate("job"));
      assertThat(factory.truststore().size()).isEqualTo(1);
    }
  }

  private KeyStore keyPair() throws Exception {
    Path file = folder.resolve("made.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "job",
                "-dname",
                "CN=gradwatch-job",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private void write(String name, String label, byte[] der) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n");
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
    Map<String, Object> settings = new HashMap<>();
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

package io.gradwatch.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.schemas.registry.RegistryLogin;
import io.gradwatch.schemas.registry.RegistryOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOptionsTest {

  @Test
  void needsOnlyTheAddresses() {
    JobOptions options = options();
    assertThat(options.get(JobOptions.BOOTSTRAP_SERVERS)).isEqualTo("localhost:9092");
    assertThat(options.get(JobOptions.STATISTICS_GUARANTEE))
        .isEqualTo(DeliveryGuarantee.EXACTLY_ONCE);
    assertThat(options.get(JobOptions.CHECKPOINT_INTERVAL)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void talksToOtherMachinesOverTlsOnlyUnlessToldOtherwise() {
    String servers = JobOptions.BOOTSTRAP_SERVERS.name();
    assertThatThrownBy(() -> JobOptions.of(Map.of(servers, "kafka:9092")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "security.protocol is 'PLAINTEXT', must be SSL or SASL_SSL for servers that are not on"
                + " this machine, such as kafka:9092; or set gradwatch.allow-plaintext to true");
    JobOptions tls =
        JobOptions.of(
            Map.of(servers, "kafka:9092", "gradwatch.kafka.security.protocol", "SASL_SSL"));
    assertThat(tls.kafka()).containsEntry("security.protocol", "SASL_SSL");
    JobOptions plain =
        JobOptions.of(Map.of(servers, "kafka:9092", JobOptions.ALLOW_PLAINTEXT.name(), "true"));
    assertThat(plain.get(JobOptions.ALLOW_PLAINTEXT)).isTrue();
  }

  @Test
  void keepsSecretsOutOfWhatItSays() {
    String canary = "canary-7f3a";
    Map<String, String> values = new LinkedHashMap<>();
    values.put(JobOptions.BOOTSTRAP_SERVERS.name(), "kafka:9092");
    values.put("gradwatch.kafka.sasl.jaas.config", "password=\"" + canary + "\";");
    values.put("gradwatch.kafka.ssl.key.password", canary);
    assertThatThrownBy(() -> JobOptions.of(values))
        .hasMessageNotContaining(canary)
        .hasMessageContaining("kafka:9092");
    values.put("gradwatch.nonsense", "1");
    assertThatThrownBy(() -> JobOptions.of(values))
        .hasMessageNotContaining(canary)
        .hasMessageContaining("gradwatch.nonsense");
  }

  @Test
  void asksForTheAddresses() {
    assertThatThrownBy(() -> JobOptions.of(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "gradwatch.bootstrap-servers is not set, must be host:port with commas between");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group-id                | ' '          | not blank
          start-from              | yesterday    | EARLIEST, LATEST or COMMITTED
          discovery-interval      | 999 ms       | at least 1 s
          create-topics           | perhaps      | true or false
          statistics-guarantee    | none         | exactly-once or at-least-once
          transactional-id-prefix | ''           | not blank
          transaction-timeout     | 9999 ms      | 10 s to 15 min and more than three checkpoint intervals
          transaction-timeout     | 900001 ms    | 10 s to 15 min and more than three checkpoint intervals
          checkpoint-interval     | 99 ms        | at least 100 ms
          checkpoint-interval     | often        | at least 100 ms
          delivery-timeout        | 999 ms       | at least 1 s
          dead-letter-max-size    | 4095b        | 4 kb to 32 mb
          dead-letter-max-size    | 33 mb        | 4 kb to 32 mb
          """)
  void refusesWithNameValueAndBound(String name, String value, String bound) {
    assertThatThrownBy(() -> options("gradwatch." + name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gradwatch." + name + " is '" + value + "', must be " + bound);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          discovery-interval      | 1 s
          transaction-timeout     | 15 min
          transaction-timeout     | 31 s
          checkpoint-interval     | 100 ms
          delivery-timeout        | 1 s
          dead-letter-max-size    | 4 kb
          dead-letter-max-size    | 32 mb
          statistics-guarantee    | at-least-once
          start-from              | latest
          """)
  void acceptsTheBoundItself(String name, String value) {
    assertThat(options("gradwatch." + name, value)).isNotNull();
  }

  @Test
  void refusesATransactionThatEndsBeforeItsCheckpoint() {
    assertThatThrownBy(() -> options("gradwatch.checkpoint-interval", "200 s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "gradwatch.checkpoint-interval is 'PT3M20S', must be below a third of"
                + " gradwatch.transaction-timeout, which is 'PT10M'");
  }

  @Test
  void refusesAnOptionItDoesNotKnow() {
    assertThatThrownBy(() -> options("gradwatch.chekpoint-interval", "1 s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("gradwatch.chekpoint-interval is no option of this job")
        .hasMessageContaining("gradwatch.checkpoint-interval");
  }

  @Test
  void handsSettingsOfKafkaToItsClients() {
    assertThat(options("gradwatch.kafka.security.protocol", "SSL").kafka())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("bootstrap.servers", "localhost:9092")
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "max.request.size, dead-letter-max-size",
    "delivery.timeout.ms, delivery-timeout",
    "max.block.ms, delivery-timeout",
    "transaction.timeout.ms, transaction-timeout"
  })
  void refusesASettingOfKafkaThatAnOptionDecides(String setting, String option) {
    assertThatThrownBy(() -> options("gradwatch.kafka." + setting, "1000"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "gradwatch.kafka.%s is '1000', must not be set; use gradwatch.%s"
                .formatted(setting, option));
  }

  @Test
  void knowsNoRegistryUnlessOneIsNamed() {
    assertThat(options().wire()).isEqualTo(WireFormat.SINGLE_OBJECT);
    assertThatThrownBy(() -> options("gradwatch.registry.write", "true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "gradwatch.registry.write is 'true', and gradwatch.registry.url is not set, must be"
                + " https://HOST:PORT/PATH with commas between");
    WireFormat wire =
        options(
                "gradwatch.registry.url",
                "https://registry:8081",
                "gradwatch.registry.basic-auth",
                "job:${env:REGISTRY_PASSWORD}",
                "gradwatch.registry.ca-file",
                "/etc/authorities.pem",
                "gradwatch.registry.timeout",
                "2 s",
                "gradwatch.registry.write",
                "true")
            .wire();
    assertThat(wire.writesConfluent()).isTrue();
    assertThat(wire.registry())
        .isEqualTo(
            new RegistryOptions(
                List.of(URI.create("https://registry:8081")),
                new RegistryLogin("job", "${env:REGISTRY_PASSWORD}"),
                "/etc/authorities.pem",
                Duration.ofSeconds(2),
                Duration.ofSeconds(2)));
  }

  @Test
  void refusesARegistryWithoutTlsAndALoginInTheOpenWithoutRepeatingIt() {
    String canary = "canary-c0de";
    String url = "gradwatch.registry.url";
    assertThatThrownBy(() -> options(url, "http://registry:8081"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be https");
    assertThat(options(url, "http://registry:8081", "gradwatch.allow-plaintext", "true").wire())
        .isNotEqualTo(WireFormat.SINGLE_OBJECT);
    for (String option :
        List.of("gradwatch.registry.basic-auth", "gradwatch.registry.bearer-token")) {
      assertThatThrownBy(() -> options(url, "https://registry", option, "job:" + canary))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("${file:/PATH:NAME}")
          .hasMessageNotContaining(canary);
    }
    assertThatThrownBy(() -> options(url, "https://job:" + canary + "@registry"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(canary);
    assertThatThrownBy(
            () -> options(url, "https://registry", "gradwatch.registry.timeout", "99 ms"))
        .hasMessage("gradwatch.registry.timeout is '99 ms', must be 100 ms to 1 min");
  }

  @Test
  void everyOptionHasOurPrefixAWordyNameAndADescription() {
    assertThat(JobOptions.catalogue())
        .hasSizeGreaterThan(5)
        .allSatisfy(
            option -> {
              assertThat(option.name()).matches("gradwatch(\\.[a-z]+(-[a-z]+)*)+");
              assertThat(OptionTable.description(option)).endsWith(".");
            });
  }

  @Test
  void theReadmeHasTheCatalogue() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains(OptionTable.markdown());
  }

  private static JobOptions options(String... nameAndValue) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("gradwatch.bootstrap-servers", "localhost:9092");
    for (int i = 0; i < nameAndValue.length; i += 2) {
      values.put(nameAndValue[i], nameAndValue[i + 1]);
    }
    return JobOptions.of(values);
  }
}

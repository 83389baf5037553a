package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTransportTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:9092",
        "LOCALHOST:9092",
        "127.0.0.1:9092",
        "127.1.2.3:1, localhost:2",
        "[::1]:9092",
        "PLAINTEXT://localhost:9092"
      })
  void staysOnThisMachineWithoutTls(String servers) {
    assertThatCode(() -> check(servers, "PLAINTEXT")).doesNotThrowAnyException();
    assertThatCode(() -> check(servers, "SASL_PLAINTEXT")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka:9092",
        "localhost:9092,kafka:9092",
        "127.0.0.1.example.com:9092",
        "localhost.example.com:9092",
        "10.0.0.1:9092",
        "[::]:9092",
        "0.0.0.0:9092"
      })
  void goesElsewhereWithTlsOnly(String servers) {
    for (String protocol : List.of("PLAINTEXT", "SASL_PLAINTEXT", "sasl_plaintext", "${env:P}")) {
      assertThatThrownBy(() -> check(servers, protocol))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("security.protocol is '" + protocol + "', must be SSL or SASL_SSL")
          .hasMessageEndingWith("; say so");
    }
    assertThatThrownBy(
            () -> KafkaTransport.requireTls(Map.of("bootstrap.servers", servers), "say so"))
        .hasMessageContaining("PLAINTEXT");
    assertThatCode(() -> check(servers, "SSL")).doesNotThrowAnyException();
    assertThatCode(() -> check(servers, "sasl_ssl")).doesNotThrowAnyException();
  }

  @Test
  void takesServersAsAList() {
    assertThatThrownBy(
            () ->
                KafkaTransport.requireTls(
                    Map.of("bootstrap.servers", List.of("localhost:1", "kafka:9092")), "say so"))
        .hasMessageContaining("kafka:9092");
  }

  private static void check(String servers, String protocol) {
    KafkaTransport.requireTls(
        Map.of("bootstrap.servers", servers, "security.protocol", protocol), "say so");
  }
}

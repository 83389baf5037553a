package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaSecretsTest {
  @Test
  void addsNothingWhereNothingIsReferredTo() {
    assertThat(KafkaSecrets.providers(Map.of("sasl.jaas.config", "password=\"$5:x}\""))).isEmpty();
    assertThat(KafkaSecrets.providers(Map.of("client.id", "${vault:x}", "acks", 1))).isEmpty();
    assertThat(KafkaSecrets.providers(Map.of("client.id", "${file:no-name}"))).isEmpty();
  }

  @Test
  void opensTheVariablesAndFilesThatAreNamedAndNoOthers() {
    Map<String, String> added =
        KafkaSecrets.providers(
            Map.of(
                "sasl.jaas.config",
                "username=\"${env:USER.1}\" password=\"${file:/run/secrets/kafka:password}\";",
                "ssl.key.password",
                "${file:/run/secrets/tls:key}",
                "ssl.keystore.password",
                "${env:STORE}"));
    assertThat(added)
        .containsEntry("config.providers", "env,file")
        .containsEntry("config.providers.env.param.allowlist.pattern", "\\QSTORE\\E|\\QUSER.1\\E")
        .containsEntry(
            "config.providers.file.param.allowed.paths", "/run/secrets/kafka,/run/secrets/tls")
        .hasSize(5);
  }

  @Test
  void refusesPathsThatKafkaWouldTakeForTwo() {
    assertThatThrownBy(
            () -> KafkaSecrets.providers(Map.of("ssl.key.password", "${file:/run/a,b:key}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/run/a,b");
  }

  @Test
  void leavesProvidersThatWereChosenAlone() {
    Map<String, String> settings = new HashMap<>();
    settings.put("config.providers", "file");
    settings.put("ssl.key.password", "${file:/run/secrets/tls:key}");
    assertThat(KafkaSecrets.providers(settings)).isEmpty();
  }
}

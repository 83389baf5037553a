package io.gradwatch.producer;

import io.gradwatch.schemas.KafkaSecrets;
import io.gradwatch.schemas.KafkaTransport;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/** Settings of a Kafka client: ours below, the caller's above. */
final class ClientSettings {
  private final Map<String, Object> callers = new HashMap<>();
  private boolean plaintextAllowed;

  void allowPlaintext() {
    plaintextAllowed = true;
  }

  void bootstrapServers(String servers) {
    callers.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
  }

  void putAll(Map<String, ?> settings) {
    callers.putAll(settings);
  }

  /** Reads a properties file, such as Kafka's tools take as {@code --command-config}. */
  void file(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(in);
    }
    properties
        .stringPropertyNames()
        .forEach(name -> callers.put(name, properties.getProperty(name)));
  }

  /**
   * The caller's settings over the defaults.
   *
   * @throws IllegalArgumentException when nobody named the bootstrap servers, or when they are on
   *     other machines and TLS is not set
   */
  Map<String, Object> over(Map<String, Object> defaults) {
    if (!callers.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
      throw new IllegalArgumentException("bootstrap servers are not set");
    }
    Map<String, Object> settings = new HashMap<>(defaults);
    settings.putAll(callers);
    settings.putAll(KafkaSecrets.providers(callers));
    if (!plaintextAllowed) {
      KafkaTransport.requireTls(settings, "or call allowPlaintext()");
    }
    return settings;
  }
}

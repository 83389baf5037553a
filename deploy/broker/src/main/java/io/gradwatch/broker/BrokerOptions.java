package io.gradwatch.broker;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may differ between two embedded brokers.
 *
 * @param dataFolder where topics are kept between starts, created when missing; null: a temporary
 *     folder that is deleted when the broker closes
 * @param port port of the bootstrap address on the loopback interface, 1 to 65535; 0: any free port
 * @param autoCreateTopics whether a topic comes into being when a client first names it
 * @param settings further settings of Kafka's server, by Kafka's own names; they win
 */
public record BrokerOptions(
    @Nullable Path dataFolder, int port, boolean autoCreateTopics, Map<String, String> settings) {

  private static final int HIGHEST_PORT = 65_535;

  public BrokerOptions {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("port is " + port + ", must be 0 to " + HIGHEST_PORT);
    }
    settings = Map.copyOf(settings);
  }

  /** A temporary folder, any free port, no automatic topics. */
  public static BrokerOptions temporary() {
    return new BrokerOptions(null, 0, false, Map.of());
  }

  /** The same with data kept in {@code folder}. */
  public BrokerOptions withDataFolder(Path folder) {
    return new BrokerOptions(folder, port, autoCreateTopics, settings);
  }

  /** The same on a fixed port. */
  public BrokerOptions withPort(int fixed) {
    return new BrokerOptions(dataFolder, fixed, autoCreateTopics, settings);
  }

  /** The same with topics that come into being when first named. */
  public BrokerOptions withAutoCreateTopics() {
    return new BrokerOptions(dataFolder, port, true, settings);
  }

  /** The same with further settings of Kafka's server. */
  public BrokerOptions withSettings(Map<String, String> more) {
    return new BrokerOptions(dataFolder, port, autoCreateTopics, more);
  }
}

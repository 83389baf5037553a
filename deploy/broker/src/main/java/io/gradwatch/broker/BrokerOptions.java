package io.gradwatch.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may differ between two embedded brokers.
 *
 * @param dataFolder where topics are kept between starts, created when missing; null: a temporary
 *     folder that is deleted when the broker closes
 * @param port port of the bootstrap address on the loopback interface, 1 to 65535; 0: any free port
 * @param autoCreateTopics whether a topic comes into being when a client first names it
 * @param listeners further doors on any free ports of the loopback interface: name, in capitals, to
 *     security protocol ({@code SASL_SSL}, {@code SSL}); what each needs stands in the settings
 * @param settings further settings of Kafka's server, by Kafka's own names; they win
 */
public record BrokerOptions(
    @Nullable Path dataFolder,
    int port,
    boolean autoCreateTopics,
    Map<String, String> listeners,
    Map<String, String> settings) {

  private static final int HIGHEST_PORT = 65_535;

  public BrokerOptions {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("port is " + port + ", must be 0 to " + HIGHEST_PORT);
    }
    listeners = Map.copyOf(listeners);
    settings = Map.copyOf(settings);
  }

  /** A temporary folder, any free port, no automatic topics. */
  public static BrokerOptions temporary() {
    return new BrokerOptions(null, 0, false, Map.of(), Map.of());
  }

  /** The same with data kept in {@code folder}. */
  public BrokerOptions withDataFolder(Path folder) {
    return new BrokerOptions(folder, port, autoCreateTopics, listeners, settings);
  }

  /** The same on a fixed port. */
  public BrokerOptions withPort(int fixed) {
    return new BrokerOptions(dataFolder, fixed, autoCreateTopics, listeners, settings);
  }

  /** The same with topics that come into being when first named. */
  public BrokerOptions withAutoCreateTopics() {
    return new BrokerOptions(dataFolder, port, true, listeners, settings);
  }

  /** The same with further settings of Kafka's server. */
  public BrokerOptions withSettings(Map<String, String> more) {
    return new BrokerOptions(dataFolder, port, autoCreateTopics, listeners, more);
  }

  /** The same with a further door. */
  public BrokerOptions withListener(String name, String securityProtocol) {
    Map<String, String> more = new HashMap<>(listeners);
    more.put(name, securityProtocol);
    return new BrokerOptions(dataFolder, port, autoCreateTopics, more, settings);
  }
}

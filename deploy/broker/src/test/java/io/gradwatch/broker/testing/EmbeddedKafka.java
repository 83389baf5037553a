package io.gradwatch.broker.testing;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Our own embedded broker. */
public final class EmbeddedKafka implements KafkaCluster {
  private final EmbeddedBroker broker;

  private EmbeddedKafka(EmbeddedBroker broker) {
    this.broker = broker;
  }

  /** Starts it on any free port and a temporary folder. */
  public static EmbeddedKafka start() {
    return start(BrokerOptions.temporary());
  }

  /** Starts it as the options say. */
  public static EmbeddedKafka start(BrokerOptions options) {
    try {
      return new EmbeddedKafka(EmbeddedBroker.start(options));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the embedded broker", e);
    }
  }

  @Override
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() {
    broker.close();
  }
}

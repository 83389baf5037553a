package io.gradwatch.broker.testing;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Our own embedded broker on a temporary folder. */
public final class EmbeddedKafka implements KafkaCluster {
  private final EmbeddedBroker broker;

  private EmbeddedKafka(EmbeddedBroker broker) {
    this.broker = broker;
  }

  /** Starts it on any free port. */
  public static EmbeddedKafka start() {
    try {
      return new EmbeddedKafka(EmbeddedBroker.start(BrokerOptions.temporary()));
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

package io.gradwatch.lab.streams;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The application: events in, statistics of every run and layer out, exactly once, with a changelog
 * of the store.
 *
 * @param bootstrapServers of the Kafka
 * @param name of the application, unlike every other on this Kafka
 * @param in topic of the events
 * @param out topic of the statistics
 * @param inMemory the store is in memory instead of RocksDB
 * @param threads that process
 * @param commitMillis time from one commit to the next
 * @param folder for the stores
 */
record RollingStatistics(
    String bootstrapServers,
    String name,
    String in,
    String out,
    boolean inMemory,
    int threads,
    long commitMillis,
    Path folder) {

  /** Its transactions outlive a commit that is late. */
  private static final long COMMITS_PER_TRANSACTION = 6;

  /**
   * Not started yet.
   *
   * @param consumed counts the records that were read
   */
  KafkaStreams streams(LongAdder consumed) {
    Topology topology = new Topology();
    topology
        .addSource("events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), in)
        .addProcessor("rolling", () -> new MomentsProcessor(consumed), "events")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                inMemory
                    ? Stores.inMemoryKeyValueStore(MomentsProcessor.STORE)
                    : Stores.persistentKeyValueStore(MomentsProcessor.STORE),
                Serdes.ByteArray(),
                Serdes.ByteArray()),
            "rolling")
        .addSink(
            "statistics", out, new ByteArraySerializer(), new ByteArraySerializer(), "rolling");
    return new KafkaStreams(
        topology,
        new StreamsConfig(
            Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                name,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                threads,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                commitMillis,
                StreamsConfig.REPLICATION_FACTOR_CONFIG,
                1,
                StreamsConfig.STATE_DIR_CONFIG,
                folder.toString(),
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                Math.toIntExact(COMMITS_PER_TRANSACTION * commitMillis),
                StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
                "earliest")));
  }
}

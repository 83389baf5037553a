package io.gradwatch.producer;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RunIds;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a publisher. Wrong settings are refused here, with IllegalArgumentException (Kafka's with
 * its ConfigException); the broker is not asked before events are sent.
 */
public final class PublisherBuilder {
  private final ClientSettings client = new ClientSettings();
  private String project = Topics.DEFAULT_PROJECT;
  private @Nullable String runId;
  private int attempt;
  private @Nullable Integer rank;
  private int queueCapacity = 8_192;
  private Overflow overflow = Overflow.DROP;
  private Duration shutdownTimeout = Duration.ofSeconds(5);
  private boolean closesAtShutdown = true;
  private Duration reconnect = Duration.ofSeconds(5);
  private @Nullable SchemaRegistry registry;
  private Framing framing = Framing.SINGLE_OBJECT;

  PublisherBuilder() {}

  /** Kafka's bootstrap.servers: host:port, comma-separated. Must be set, here or as a property. */
  public PublisherBuilder bootstrapServers(String servers) {
    client.bootstrapServers(servers);
    return this;
  }

  /** The project (team), which names the topic: 1 to 64 lower-case letters, digits and dashes. */
  public PublisherBuilder project(String project) {
    this.project = Topics.checkProject(project);
    return this;
  }

  /** Identity of the run within its project: 1 to 256 bytes that show; see {@link RunIds#check}. */
  public PublisherBuilder runId(String runId) {
    this.runId = RunIds.check(runId);
    return this;
  }

  /** 0 (the default) for the first start of the run, one more at every resume. */
  public PublisherBuilder attempt(int attempt) {
    if (attempt < 0) {
      throw new IllegalArgumentException("attempt is " + attempt + ", must be at least 0");
    }
    this.attempt = attempt;
    return this;
  }

  /** The rank that speaks, 0 to 1,048,575; without it the publisher speaks for the whole run. */
  public PublisherBuilder rank(int rank) {
    if (rank < 0 || rank > Limits.MAX_RANK) {
      throw new IllegalArgumentException("rank is " + rank + ", must be 0 to " + Limits.MAX_RANK);
    }
    this.rank = rank;
    return this;
  }

  /** Settings of Kafka's producer, such as TLS and SASL; they win over ours. */
  public PublisherBuilder clientProperties(Map<String, ?> properties) {
    client.putAll(properties);
    return this;
  }

  /**
   * Talks to Kafka on other machines without TLS, too. Otherwise building refuses to: anybody on
   * the way could read and change what is said.
   */
  public PublisherBuilder allowPlaintext() {
    client.allowPlaintext();
    return this;
  }

  /** The same from a properties file. */
  public PublisherBuilder clientFile(Path file) throws IOException {
    client.file(file);
    return this;
  }

  /** Events that wait at most; 8,192 by default. */
  public PublisherBuilder queueCapacity(int events) {
    if (events < 1) {
      throw new IllegalArgumentException("queue capacity is " + events + ", must be at least 1");
    }
    this.queueCapacity = events;
    return this;
  }

  /** What happens when the queue is full; {@link Overflow#DROP} by default. */
  public PublisherBuilder overflow(Overflow overflow) {
    this.overflow = overflow;
    return this;
  }

  /** How long a publisher that was not closed may flush at the JVM's shutdown; 5 s by default. */
  public PublisherBuilder shutdownTimeout(Duration timeout) {
    this.shutdownTimeout = timeout;
    return this;
  }

  /**
   * Whether a publisher that was not closed closes itself at the JVM's shutdown; true by default.
   * False where there is still something to be published then, after which its owner closes it.
   */
  public PublisherBuilder closeAtShutdown(boolean closes) {
    this.closesAtShutdown = closes;
    return this;
  }

  /**
   * Writes this framing with a registry's ids, instead of single-object encoding. The registry is
   * asked in the background, once, before the first event is sent: the schema is registered as
   * subject TOPIC-value if it was not. While it cannot be asked events wait as for a broker.
   */
  public PublisherBuilder framing(SchemaRegistry registry, Framing framing) {
    this.registry = registry;
    this.framing = framing;
    return this;
  }

  /** A publisher for the run. */
  public StepPublisher build() {
    if (runId == null) {
      throw new IllegalArgumentException("the run id is not set");
    }
    return new StepPublisher(buildForAnyRun(), runId, attempt, rank, System::currentTimeMillis);
  }

  /** A publisher for events that carry their own run id, as replays and gateways have them. */
  public EventPublisher buildForAnyRun() {
    Map<String, Object> settings = client.over(defaults());
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    ProducerConfig checked = new ProducerConfig(settings);
    return publisher(
        () ->
            new KafkaProducer<>(
                checked.originals(), new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /** The same on a given producer, which the publisher closes. */
  EventPublisher publisher(Supplier<Producer<byte[], byte[]>> producer) {
    SchemaRegistry ids = registry;
    Framing written = framing;
    String topic = Topics.events(project);
    Supplier<Link> connect =
        () -> {
          RecordCodec<TrainingEvent> codec =
              ids == null
                  ? RecordCodec.of(TrainingEvent.class)
                  : RecordCodec.of(TrainingEvent.class, ids, written);
          codec.prepare(topic); // first: a producer that is made wants to be closed
          return new Link(producer.get(), codec);
        };
    return new EventPublisher(topic, connect, reconnect, queueCapacity, overflow, shutdownTimeout)
        .start(closesAtShutdown);
  }

  /** Pause before the next try where the client cannot be made. */
  PublisherBuilder reconnect(Duration pause) {
    this.reconnect = pause;
    return this;
  }

  private Map<String, Object> defaults() {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put(ProducerConfig.CLIENT_ID_CONFIG, "gradwatch-publisher");
    defaults.put(ProducerConfig.ACKS_CONFIG, "all");
    defaults.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Unlike zstd it needs no native library, which a trainer's machine may not let us unpack.
    defaults.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    defaults.put(ProducerConfig.LINGER_MS_CONFIG, 50);
    defaults.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
    defaults.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 16 * 1024 * 1024);
    // The sender thread may wait for the broker for ever: what then overflows is the queue.
    defaults.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
    defaults.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        overflow == Overflow.WAIT ? Integer.MAX_VALUE : 120_000);
    return defaults;
  }
}

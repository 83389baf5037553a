package io.gradwatch.jobs.kafka;

import io.gradwatch.jobs.functions.PolicyLog;
import io.gradwatch.jobs.options.DeadLetterFailure;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.options.StartFrom;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The ends of the graph on Kafka, as the options say. */
public final class KafkaEnds {
  /** Kafka's default of max.request.size; the largest record of ours is far below. */
  private static final int MAX_REQUEST_BYTES = 1024 * 1024;

  /** What a request takes beyond the batch it carries: names, protocol. */
  private static final int REQUEST_OVERHEAD_BYTES = 64 * 1024;

  /** Kafka's default of request.timeout.ms. */
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

  private final JobOptions options;

  public KafkaEnds(JobOptions options) {
    this.options = options;
  }

  /** Every project's events. */
  public KafkaSource<ConsumedRecord> events() {
    return eventsBuilder().build();
  }

  /** The same, to be given an end. */
  public KafkaSourceBuilder<ConsumedRecord> eventsBuilder() {
    return KafkaSource.<ConsumedRecord>builder()
        .setProperties(options.kafka())
        .setProperty(
            KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
            Long.toString(options.get(JobOptions.DISCOVERY_INTERVAL).toMillis()))
        .setGroupId(options.get(JobOptions.GROUP_ID))
        .setClientIdPrefix(options.get(JobOptions.GROUP_ID))
        .setKafkaSubscriber(
            new ProjectTopics(options.get(JobOptions.CREATE_TOPICS), deadLettersMayBeLost()))
        .setStartingOffsets(startingOffsets(options.get(JobOptions.START_FROM)))
        .setDeserializer(new RawRecordReader());
  }

  /** Policies, as they come. */
  public KafkaSource<ConsumedRecord> policies() {
    return policiesBuilder().build();
  }

  /** The same, to be given an end. */
  public KafkaSourceBuilder<ConsumedRecord> policiesBuilder() {
    return KafkaSource.<ConsumedRecord>builder()
        .setProperties(options.kafka())
        .setProperty(
            KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
            Long.toString(options.get(JobOptions.DISCOVERY_INTERVAL).toMillis()))
        .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
        .setGroupId(options.get(JobOptions.GROUP_ID))
        .setClientIdPrefix(options.get(JobOptions.GROUP_ID) + "-policies")
        .setKafkaSubscriber(new PolicyTopic(options.get(JobOptions.POLICY_TOPIC)))
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new RawRecordReader());
  }

  /** The policies that are there already. */
  public PolicyLog policyLog() {
    return new KafkaPolicyLog(
        options.kafka(),
        options.get(JobOptions.POLICY_TOPIC),
        options.get(JobOptions.POLICY_TIMEOUT));
  }

  /** Alarms: at once, perhaps twice. */
  public KafkaSink<ProducedRecord> alarms() {
    return sink("alarms", DeliveryGuarantee.AT_LEAST_ONCE, MAX_REQUEST_BYTES);
  }

  /** Clip advice: at once, perhaps twice. */
  public KafkaSink<ProducedRecord> recommendations() {
    return sink("recommendations", DeliveryGuarantee.AT_LEAST_ONCE, MAX_REQUEST_BYTES);
  }

  /** Statistics: with each checkpoint, once; or as the option says. */
  public Sink<ProducedRecord> statistics() {
    DeliveryGuarantee guarantee = options.get(JobOptions.STATISTICS_GUARANTEE);
    KafkaSink<ProducedRecord> sink = sink("statistics", guarantee, MAX_REQUEST_BYTES);
    return guarantee == DeliveryGuarantee.EXACTLY_ONCE ? new ExactlyOnceSink(sink) : sink;
  }

  /** Dead letters: at once, perhaps twice; or never, where the option allows it. */
  public Sink<ProducedRecord> deadLetters() {
    int maxRequestBytes =
        (int) options.get(JobOptions.DEAD_LETTER_MAX_SIZE).getBytes() + REQUEST_OVERHEAD_BYTES;
    return deadLettersMayBeLost()
        ? new BestEffortSink(producer(maxRequestBytes))
        : sink("dead-letters", DeliveryGuarantee.AT_LEAST_ONCE, maxRequestBytes);
  }

  /** Incidents of the fleet: at once, perhaps twice. */
  public KafkaSink<ProducedRecord> incidents() {
    return sink("incidents", DeliveryGuarantee.AT_LEAST_ONCE, MAX_REQUEST_BYTES);
  }

  private boolean deadLettersMayBeLost() {
    return options.get(JobOptions.DEAD_LETTER_FAILURE) == DeadLetterFailure.COUNT;
  }

  private KafkaSink<ProducedRecord> sink(
      String name, DeliveryGuarantee guarantee, int maxRequestBytes) {
    Properties producer = producer(maxRequestBytes);
    producer.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Long.toString(options.get(JobOptions.TRANSACTION_TIMEOUT).toMillis()));
    return KafkaSink.<ProducedRecord>builder()
        .setKafkaProducerConfig(producer)
        .setBootstrapServers(options.get(JobOptions.BOOTSTRAP_SERVERS))
        .setRecordSerializer(new RawRecordWriter())
        .setDeliveryGuarantee(guarantee)
        .setTransactionalIdPrefix(options.get(JobOptions.TRANSACTIONAL_ID_PREFIX) + "-" + name)
        .build();
  }

  private Properties producer(int maxRequestBytes) {
    Duration delivery = options.get(JobOptions.DELIVERY_TIMEOUT);
    Duration request = min(LONGEST_REQUEST, delivery.dividedBy(2));
    Properties producer = options.kafka();
    producer.setProperty(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(delivery.toMillis()));
    producer.setProperty(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(request.toMillis()));
    producer.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(delivery.toMillis()));
    producer.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(maxRequestBytes));
    return producer;
  }

  private static OffsetsInitializer startingOffsets(StartFrom start) {
    return switch (start) {
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
      case COMMITTED -> committedOrEarliest();
    };
  }

  @SuppressWarnings("deprecation") // the connector's only way to say it
  private static OffsetsInitializer committedOrEarliest() {
    return OffsetsInitializer.committedOffsets(
        org.apache.kafka.clients.consumer.OffsetResetStrategy.EARLIEST);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}

package io.gradwatch.lab.latency;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.lab.Folders;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A broker of its own for one trial, whose topics stamp each record when it is appended. */
final class Site implements AutoCloseable {
  private static final int COPY_PARTITIONS = 8;
  private static final String PLENTY = "1000000";
  private static final long ENDING_SECONDS = 60;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path folder;
  private final EmbeddedBroker broker;
  private final List<JobClient> running = new ArrayList<>();

  Site() throws IOException {
    folder = Files.createTempDirectory("gradwatch-latency");
    broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withDataFolder(folder.resolve("kafka")));
    broker.createTopics(topics());
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /**
   * Starts a job that reads on and on.
   *
   * @param settings of Flink, which win
   */
  JobClient start(Questioned job, int parallelism, Map<String, String> settings) throws Exception {
    Configuration flink = new Configuration();
    flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints());
    settings.forEach(flink::setString);
    JobClient started =
        job.start(
            JobOptions.of(
                Map.of(
                    JobOptions.BOOTSTRAP_SERVERS.name(), bootstrapServers(),
                    JobOptions.MAX_RUNS.name(), PLENTY,
                    JobOptions.MAX_WARNINGS.name(), PLENTY)),
            flink);
    running.add(started);
    return started;
  }

  /** Cancels a job and returns when it has ended, so that nothing of it works beside the next. */
  void end(JobClient job) {
    running.remove(job);
    job.cancel().orTimeout(ENDING_SECONDS, TimeUnit.SECONDS).join();
    job.getJobExecutionResult()
        .handle((result, cancelled) -> true)
        .orTimeout(ENDING_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  /** URI of the folder for checkpoints. */
  String checkpoints() {
    return folder.resolve("state").toUri().toString();
  }

  /** Reads a topic from its beginning until it has been told enough, or nothing comes for long. */
  void read(
      String topic,
      Duration patience,
      Consumer<ConsumerRecord<byte[], byte[]>> each,
      Enough enough) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long last = System.nanoTime();
      while (!enough.isReached() && System.nanoTime() - last < patience.toNanos()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          each.accept(record);
          last = System.nanoTime();
        }
      }
    }
  }

  /** When to stop reading. */
  @FunctionalInterface
  interface Enough {
    boolean isReached();
  }

  private static List<NewTopic> topics() {
    Stream<NewTopic> ours =
        Topics.allSpecs(Topics.DEFAULT_PROJECT).stream()
            .map(
                spec -> {
                  Map<String, String> configs = new HashMap<>(spec.configs());
                  configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
                  return new NewTopic(spec.name(), spec.partitions(), (short) 1).configs(configs);
                });
    NewTopic copy =
        new NewTopic(Questioned.COPY, COPY_PARTITIONS, (short) 1)
            .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    return Stream.concat(ours, Stream.of(copy)).toList();
  }

  @Override
  public void close() throws IOException {
    try {
      // Only what a failure left: below a job that still writes nothing can be cleared away.
      List.copyOf(running).forEach(this::end);
    } finally {
      broker.close();
      Folders.delete(folder);
    }
  }
}

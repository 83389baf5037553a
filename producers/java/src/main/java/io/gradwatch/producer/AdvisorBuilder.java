package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sets up an advisor. Wrong settings are refused here, with IllegalArgumentException (Kafka's with
 * its ConfigException); the broker is not asked before the advisor reads in the background.
 */
public final class AdvisorBuilder {
  /** As long as the pipeline's default policy lets advice hold; it renews it after half of that. */
  private static final long DEFAULT_STALE_AFTER_STEPS = 1_000;

  private static final double DEFAULT_LEARNING_RATE_FLOOR = 0.1;

  private final ClientSettings client = new ClientSettings();
  private String project = Topics.DEFAULT_PROJECT;
  private @Nullable String runId;
  private int attempt;
  private @Nullable AdviceBounds bounds;
  private @Nullable AdviceBounds layerBounds;
  private @Nullable AdviceBounds valueBounds;
  private double learningRateFloor = DEFAULT_LEARNING_RATE_FLOOR;
  private long staleAfterSteps = DEFAULT_STALE_AFTER_STEPS;
  private boolean shadow;
  private @Nullable StepPublisher feedback;
  private AdviceMode allowed = AdviceMode.of(System.getenv(Advisor.KILL_SWITCH));
  private Duration reconnect = Duration.ofSeconds(5);
  private @Nullable SchemaRegistry registry;

  AdvisorBuilder() {}

  /** Kafka's bootstrap.servers: host:port, comma-separated. Must be set, here or as a property. */
  public AdvisorBuilder bootstrapServers(String servers) {
    client.bootstrapServers(servers);
    return this;
  }

  /** The project (team): 1 to 64 lower-case letters, digits and dashes. */
  public AdvisorBuilder project(String project) {
    this.project = Topics.checkProject(project);
    return this;
  }

  /** The run whose advice is wanted; see {@link RunIds#check}. Must be set. */
  public AdvisorBuilder runId(String runId) {
    this.runId = RunIds.check(runId);
    return this;
  }

  /**
   * The run's attempt, the same as the publisher's; advice for any other is passed over. A training
   * that resumes builds a publisher and an advisor with the next one. 0 by default.
   */
  public AdvisorBuilder attempt(int attempt) {
    if (attempt < 0) {
      throw new IllegalArgumentException("attempt is " + attempt + ", must be at least 0");
    }
    this.attempt = attempt;
    return this;
  }

  /**
   * The trainer's own bounds of the threshold, which always win. Must be set.
   *
   * @param floor lowest threshold, above 0
   * @param ceiling highest threshold, finite and not below the floor
   */
  public AdvisorBuilder bounds(double floor, double ceiling) {
    this.bounds = new AdviceBounds(floor, ceiling);
    return this;
  }

  /**
   * The same for the norm of each layer. Without them {@link Advisor#layerThreshold} takes no
   * advice.
   */
  public AdvisorBuilder layerBounds(double floor, double ceiling) {
    this.layerBounds = new AdviceBounds(floor, ceiling);
    return this;
  }

  /**
   * The same for the size of each component. Without them {@link Advisor#clipValue} takes no
   * advice.
   */
  public AdvisorBuilder valueBounds(double floor, double ceiling) {
    this.valueBounds = new AdviceBounds(floor, ceiling);
    return this;
  }

  /**
   * The lowest that {@link Advisor#learningRateFactor} ever gives: above 0, at most 1. 0.1 by
   * default.
   */
  public AdvisorBuilder learningRateFloor(double floor) {
    if (!(floor > 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "learningRateFloor is " + floor + ", must be above 0 and at most 1");
    }
    this.learningRateFloor = floor;
    return this;
  }

  /**
   * The trainer's own limit: so many steps after the one it was made at, advice is not used,
   * whatever its valid_until_step. 1,000 by default.
   */
  public AdvisorBuilder staleAfterSteps(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("staleAfterSteps is " + steps + ", must be at least 1");
    }
    this.staleAfterSteps = steps;
    return this;
  }

  /**
   * Shadow mode: the trainer's own rule is applied (its ceiling where it gives none), and {@link
   * AdvisorStats} counts what following the advice would have clipped. False by default; the
   * environment can switch it on ({@link Advisor#KILL_SWITCH}), not off.
   */
  public AdvisorBuilder shadow(boolean shadow) {
    this.shadow = shadow;
    return this;
  }

  /**
   * Publishes through the trainer's publisher what is done with advice, when it begins to be
   * applied, changes or ends, at most once in ten steps. Never waits for room, even where the
   * publisher would. The publisher must be of the same project, run and attempt, and stays the
   * caller's to close.
   */
  public AdvisorBuilder feedback(StepPublisher publisher) {
    this.feedback = publisher;
    return this;
  }

  /**
   * Reads Confluent framing, too, for a job that writes it; see {@code gradwatch.registry.write}.
   */
  public AdvisorBuilder registry(SchemaRegistry registry) {
    this.registry = registry;
    return this;
  }

  /** Settings of Kafka's consumer, such as TLS and SASL; they win over ours. */
  public AdvisorBuilder clientProperties(Map<String, ?> properties) {
    client.putAll(properties);
    return this;
  }

  /**
   * Talks to Kafka on other machines without TLS, too. Otherwise building refuses to: anybody on
   * the way could read and change what is said.
   */
  public AdvisorBuilder allowPlaintext() {
    client.allowPlaintext();
    return this;
  }

  /** The same from a properties file. */
  public AdvisorBuilder clientFile(Path file) throws IOException {
    client.file(file);
    return this;
  }

  /** The advisor, reading already. */
  public Advisor build() {
    Map<String, Object> settings = client.over(defaults());
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    ConsumerConfig checked = new ConsumerConfig(settings);
    return advisor(
        () ->
            new KafkaConsumer<>(
                checked.originals(), new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  /** The same on given consumers, each closed after use. */
  Advisor advisor(Supplier<Consumer<byte[], byte[]>> consumers) {
    if (runId == null || bounds == null) {
      throw new IllegalArgumentException(
          runId == null ? "the run id is not set" : "the bounds of the threshold are not set");
    }
    if (feedback != null && !feedback.isOf(project, runId, attempt)) {
      throw new IllegalArgumentException(
          ("the publisher given for feedback is not of project '%s', run '%s', attempt %d: build it"
                  + " with the same")
              .formatted(project, runId, attempt));
    }
    SparseLog log = new SparseLog(LoggerFactory.getLogger(Advisor.class), System::nanoTime);
    NewestAdvice advice =
        new NewestAdvice(
            new AdviceTerms(project, runId, attempt, staleAfterSteps),
            RecordCodec.reading(ClipRecommendation.class, registry),
            log);
    AdviceReader reader =
        new AdviceReader(Topics.recommendations(project), runId, consumers, reconnect, advice, log);
    AdviceMode mode = shadow && allowed == AdviceMode.FOLLOW ? AdviceMode.SHADOW : allowed;
    return new Advisor(
            new TrainerBounds(bounds, layerBounds, valueBounds, learningRateFloor),
            advice,
            reader,
            mode,
            feedback == null ? null : new AdviceFeedback(feedback))
        .start();
  }

  /** Stands in for the environment's variable. */
  AdvisorBuilder environment(String variable) {
    this.allowed = AdviceMode.of(variable);
    return this;
  }

  /** Pause before the next try where the broker cannot be reached. */
  AdvisorBuilder reconnect(Duration pause) {
    this.reconnect = pause;
    return this;
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put(ConsumerConfig.CLIENT_ID_CONFIG, "gradwatch-advisor");
    defaults.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    defaults.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    defaults.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return defaults;
  }
}

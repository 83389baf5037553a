package io.gradwatch.cli.kafka;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.producer.PublisherBuilder;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.KafkaSecrets;
import io.gradwatch.schemas.KafkaTransport;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How to reach a Kafka, with the options of Kafka's own commands: {@code --bootstrap-server} wins,
 * then {@code --command-property}, then {@code --command-config}.
 */
public final class KafkaAccess {
  /** Longest wait for a broker that does not answer. */
  private static final int PATIENCE_MS = 15_000;

  @Option(
      names = "--bootstrap-server",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka's addresses, with commas between.")
  private String bootstrapServer = "";

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "Properties file with settings of Kafka's clients, such as TLS and SASL.")
  private @Nullable Path commandConfig;

  @Option(
      names = "--command-property",
      paramLabel = "NAME=VALUE",
      description = "One such setting; may be repeated.")
  private Map<String, String> commandProperties = Map.of();

  @Option(
      names = "--allow-plaintext",
      description = "Talks to Kafka on other machines without TLS, too.")
  private boolean allowPlaintext;

  /** Whether TLS is not insisted on. */
  public boolean allowsPlaintext() {
    return allowPlaintext;
  }

  /** Where the brokers are. */
  public String bootstrapServer() {
    return bootstrapServer;
  }

  /**
   * The same as words for Kafka's own tools. Single settings are left out: they may be secrets, and
   * not all tools take them.
   */
  public List<String> connection() {
    List<String> words = new ArrayList<>(List.of("--bootstrap-server", bootstrapServer));
    if (commandConfig != null) {
      words.addAll(List.of("--command-config", commandConfig.toString()));
    }
    return words;
  }

  /** What was given in the file and on the command line, without the addresses. */
  public Map<String, String> properties() {
    Map<String, String> all = new HashMap<>();
    if (commandConfig != null) {
      Properties file = new Properties();
      try (Reader in = Files.newBufferedReader(commandConfig, StandardCharsets.UTF_8)) {
        file.load(in);
      } catch (IOException e) {
        throw new CommandFailedException("cannot read " + commandConfig + ": " + e.getMessage(), e);
      }
      file.stringPropertyNames().forEach(name -> all.put(name, file.getProperty(name)));
    }
    all.putAll(commandProperties);
    return all;
  }

  /**
   * Sets up a publisher of a project's events.
   *
   * @param registry with which Confluent framing is written, where it was named
   */
  public PublisherBuilder publisher(String project, RegistryAccess registry) {
    PublisherBuilder publisher =
        StepPublisher.builder()
            .bootstrapServers(bootstrapServer)
            .clientProperties(properties())
            .project(project);
    SchemaRegistry ids = registry.open(allowPlaintext);
    if (ids != null) {
      publisher.framing(ids, Framing.CONFLUENT);
    }
    return allowPlaintext ? publisher.allowPlaintext() : publisher;
  }

  /**
   * Settings for a client that is to give up soon when no broker answers.
   *
   * @throws CommandFailedException when it would talk to another machine without TLS
   */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    settings.putAll(properties());
    settings.putAll(KafkaSecrets.providers(settings));
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
    if (!allowPlaintext) {
      try {
        KafkaTransport.requireTls(
            settings, "set it with --command-config, or say --allow-plaintext");
      } catch (IllegalArgumentException e) {
        throw new CommandFailedException(String.valueOf(e.getMessage()), e);
      }
    }
    return settings;
  }

  /**
   * Asks whether the topic of a project's events is there.
   *
   * @throws CommandFailedException when it is not, or when no broker answers in time
   */
  public void requireEvents(String project) throws InterruptedException {
    requireTopic(
        Topics.events(project),
        "create it with `gradwatch topics create --project %s --bootstrap-server %s`"
            .formatted(project, bootstrapServer));
  }

  /**
   * Asks whether a topic is there.
   *
   * @param remedy what to do when it is not, for the message
   * @throws CommandFailedException when it is not, or when no broker answers in time
   */
  public void requireTopic(String topic, String remedy) throws InterruptedException {
    try (Admin admin = Admin.create(settings())) {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof UnknownTopicOrPartitionException) {
        throw failure(new IllegalStateException("there is no topic " + topic + "; " + remedy));
      }
      if (cause instanceof TimeoutException) {
        throw failure(
            new IllegalStateException(
                "asked for the topic "
                    + topic
                    + ", got no answer; check --bootstrap-server and that a broker runs there"));
      }
      throw failure(cause == null ? e : cause);
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  /**
   * Asks whether a broker answers.
   *
   * @throws CommandFailedException when none does in time
   */
  public void requireBroker() throws InterruptedException {
    try (Admin admin = Admin.create(settings())) {
      admin.describeCluster().nodes().get();
    } catch (ExecutionException e) {
      throw failure(
          new IllegalStateException(
              "no answer; check --bootstrap-server and that a broker runs there", e));
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  /** What went wrong there, in one line. */
  public CommandFailedException failure(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && !(root instanceof IllegalStateException)) {
      root = root.getCause();
    }
    return new CommandFailedException(
        "Kafka at " + bootstrapServer + ": " + root.getMessage(), cause);
  }
}

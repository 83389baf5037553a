package io.gradwatch.broker.testing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A Kafka in a container. */
public final class ContainerKafka implements KafkaCluster {
  private static final int ATTEMPTS = 3;

  private final KafkaContainer container;

  private ContainerKafka(KafkaContainer container) {
    this.container = container;
  }

  /**
   * Starts a container; another where one does not come up, whose log is told then.
   *
   * @param image an image that starts the way {@code apache/kafka} does
   * @throws IllegalStateException when there is no container engine
   */
  public static ContainerKafka start(String image) {
    KafkaContainer container =
        new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"))
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    container
        .waitingFor(new Answers(container))
        .withStartupAttempts(ATTEMPTS)
        .withStartupTimeout(Await.LIVENESS)
        .start();
    return new ContainerKafka(container);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  @Override
  public void close() {
    container.close();
  }

  /**
   * Waits until the broker answers as it will be asked. Testcontainers' own strategy waits for a
   * line of the log, and waits in vain where the engine's stream of it stands still.
   */
  private static final class Answers extends AbstractWaitStrategy {
    private static final Duration ONE_ANSWER = Duration.ofSeconds(10);

    private final KafkaContainer container;

    Answers(KafkaContainer container) {
      this.container = container;
    }

    @Override
    protected void waitUntilReady() {
      try {
        Await.until("Kafka in a container to answer", startupTimeout, this::hasAnswered);
      } catch (IllegalStateException e) {
        throw new ContainerLaunchException("no Kafka answers in its container", e);
      }
    }

    private boolean hasAnswered() throws InterruptedException {
      if (!container.isRunning()) {
        throw new IllegalStateException("the container has ended");
      }
      int millis = (int) ONE_ANSWER.toMillis();
      try (Admin admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  container.getBootstrapServers(),
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  millis,
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  millis))) {
        return !admin.describeCluster().nodes().get(millis, TimeUnit.MILLISECONDS).isEmpty();
      } catch (ExecutionException | TimeoutException e) {
        return false;
      }
    }
  }
}

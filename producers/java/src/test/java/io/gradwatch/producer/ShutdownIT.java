package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ShutdownIT {

  @Test
  void sendsWhatIsQueuedWhenATrainingEndsWithoutClosing() throws Exception {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      kafka.createTopic(Publishing.TOPIC, 1);
      Process training =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  HastyTraining.class.getName(),
                  kafka.bootstrapServers())
              .inheritIO()
              .start();

      assertThat(training.waitFor()).isEqualTo(3);
      assertThat(kafka.readAll(Publishing.TOPIC, IsolationLevel.READ_COMMITTED))
          .extracting(r -> Publishing.decoded(r.value()).getStep())
          .isEqualTo(LongStream.range(0, HastyTraining.STEPS).boxed().toList());
    }
  }

  @Test
  void leavesTheEndToItsOwnerWhereToldTo() throws Exception {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      kafka.createTopic(Publishing.TOPIC, 1);
      Process training =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  LastWords.class.getName(),
                  kafka.bootstrapServers())
              .inheritIO()
              .start();

      assertThat(training.waitFor()).isEqualTo(3);
      assertThat(kafka.readAll(Publishing.TOPIC, IsolationLevel.READ_COMMITTED))
          .extracting(r -> Publishing.decoded(r.value()).getStep())
          .containsExactly(7L);
    }
  }

  /** Publishes at the shutdown, some time after a publisher that closes itself would have. */
  static final class LastWords {
    private LastWords() {}

    public static void main(String[] args) {
      StepPublisher publisher =
          StepPublisher.builder()
              .bootstrapServers(args[0])
              .runId("run")
              .closeAtShutdown(false)
              .build();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    Await.pause(Duration.ofMillis(200));
                    publisher.step(StepReport.of(7).loss(1));
                    publisher.close(Publishing.AMPLE);
                  }));
      System.exit(3);
    }
  }

  /** A training that calls System.exit right after its last step. */
  static final class HastyTraining {
    static final int STEPS = 1_000;

    private HastyTraining() {}

    public static void main(String[] args) {
      StepPublisher publisher =
          StepPublisher.builder()
              .bootstrapServers(args[0])
              .runId("run")
              .shutdownTimeout(Publishing.AMPLE) // a new broker's first answer may take its time
              .build();
      for (int step = 0; step < STEPS; step++) {
        publisher.step(StepReport.of(step).loss(1));
      }
      System.exit(3);
    }
  }
}

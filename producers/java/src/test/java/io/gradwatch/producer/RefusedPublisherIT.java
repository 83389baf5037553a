package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.SecuredKafka;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that does not let the trainer in: losses are counted, and the training goes on. */
@Timeout(600)
class RefusedPublisherIT {
  @TempDir private static Path folder;
  private static SecuredKafka kafka;

  @BeforeAll
  static void start() {
    kafka = SecuredKafka.start(folder);
    kafka.addUser("newcomer", "right"); // who may write nowhere at first
    kafka.addUser("trainer", "right");
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void eventsWithoutTheRightAreCountedAndOnceItIsGivenTheyArrive() {
    String topic = Topics.events("late");
    kafka.createTopic(topic, 1);
    StepPublisher publisher = publisher("late", kafka.scram("newcomer", "right"));
    long step = publishUntil(publisher, 0, () -> publisher.stats().failed() > 0);
    assertThat(kafka.readAll(topic, IsolationLevel.READ_COMMITTED)).isEmpty();

    kafka.allow(List.of(write("User:newcomer", topic)));
    publishUntil(publisher, step, () -> publisher.stats().published() > 0);
    publisher.close(Publishing.AMPLE);
    assertThat(kafka.readAll(topic, IsolationLevel.READ_COMMITTED)).isNotEmpty();
  }

  @Test
  void whoMayWriteElsewhereLosesOnlyWhatItMayNotWrite() {
    String own = Topics.events("own");
    kafka.createTopic(own, 1);
    kafka.createTopic(Topics.events("other"), 1);
    kafka.allow(List.of(write("User:trainer", own)));
    StepPublisher publisher = publisher("other", kafka.scram("trainer", "right"));
    publishUntil(publisher, 0, () -> publisher.stats().failed() > 0);
    publisher.close(Duration.ZERO);
    assertThat(publisher.stats().published()).isZero();
  }

  @Test
  void aWrongPasswordIsCountedLikewise() {
    kafka.createTopic(Topics.events("wrong"), 1);
    StepPublisher publisher = publisher("wrong", kafka.scram("trainer", "wrong"));
    publishUntil(publisher, 0, () -> publisher.stats().failed() > 0);
    publisher.close(Duration.ZERO);
    assertThat(publisher.stats().published()).isZero();
  }

  /** A training, one step after the other; none of them may throw. */
  private static long publishUntil(StepPublisher publisher, long first, BooleanSupplier enough) {
    AtomicLong step = new AtomicLong(first);
    Await.until(
        "what becomes of a step",
        () -> {
          publisher.step(StepReport.of(step.getAndIncrement()).loss(1));
          return enough.getAsBoolean();
        });
    return step.get();
  }

  private static StepPublisher publisher(String project, Map<String, String> client) {
    return StepPublisher.builder()
        .clientProperties(client)
        .project(project)
        .runId("run")
        .queueCapacity(4)
        .reconnect(Duration.ofMillis(100))
        .build();
  }

  private static AclBinding write(String principal, String topic) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry(principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW));
  }
}

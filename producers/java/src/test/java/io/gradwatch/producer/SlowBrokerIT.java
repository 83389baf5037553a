package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A broker that is there and does not keep up, on our own broker also where the build asks for
 * containers. The training goes on all the same: every call comes back, whatever the broker does.
 */
@Timeout(600)
class SlowBrokerIT {
  private static final int QUEUE = 100;
  private static final String QUOTA = "producer_byte_rate";

  private static final long PACE_NANOS = 100_000;

  @Test
  void aThrottledPublisherDropsAndCountsAndKeepsUpAgainOnceItMay() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary());
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      broker.createTopics(List.of(new NewTopic(Publishing.TOPIC, 1, (short) 1)));
      throttle(admin, 2_000.0);
      EventPublisher publisher = publisher(broker.bootstrapServers());
      long told = 0;
      PublisherStats slow;
      do { // until the training is ahead, also where it was held up itself
        publisher.publish(Publishing.event("a", told++));
        slow = publisher.stats();
      } while (slow.dropped(DropCause.QUEUE_FULL) == 0 || slow.published() == slow.accepted());
      assertThat(slow.accepted() + slow.droppedInAll()).isEqualTo(told);

      throttle(admin, null);
      long fast = publisher.stats().published() + 2L * QUEUE;
      while (publisher.stats().published() < fast) {
        publisher.publish(Publishing.event("a", told++));
        LockSupport.parkNanos(PACE_NANOS); // the broker needs the processor more than this test
      }
      publisher.close(AMPLE);

      PublisherStats end = publisher.stats();
      assertThat(end.accepted() + end.droppedInAll()).isEqualTo(told);
      assertThat(end.published() + end.failed()).isEqualTo(end.accepted());
    }
  }

  @Test
  void aBrokerThatTakesConnectionsAndNeverAnswersCostsTheQueueOnly() throws Exception {
    List<Socket> taken = new ArrayList<>();
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread doorman = new Thread(() -> takeAll(silent, taken), "doorman");
      doorman.start();
      EventPublisher publisher = publisher("127.0.0.1:" + silent.getLocalPort());
      LongStream.range(0, 10 * QUEUE)
          .forEach(step -> publisher.publish(Publishing.event("a", step)));
      PublisherStats stats = publisher.stats();
      publisher.close(Duration.ZERO);

      assertThat(stats.published()).isZero();
      assertThat(stats.accepted() + stats.dropped(DropCause.QUEUE_FULL)).isEqualTo(10 * QUEUE);
      assertThat(stats.accepted()).isBetween((long) QUEUE, QUEUE + 1L);
      silent.close();
      doorman.join();
    } finally {
      for (Socket socket : taken) {
        socket.close();
      }
    }
  }

  @Test
  void whatADownBrokerOutlastsIsCountedAsFailedAndWhatComesLaterArrives() throws Exception {
    int port = Ports.free();
    EventPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers("127.0.0.1:" + port)
            .queueCapacity(QUEUE)
            .clientProperties(
                Map.of(
                    "reconnect.backoff.max.ms", "200",
                    "delivery.timeout.ms", "5000",
                    "request.timeout.ms", "1000",
                    "linger.ms", "0",
                    // By default a client may forget its topics with its last broker, and the event
                    // waits (PublisherStats); here it must go to Kafka, to be lost there.
                    "metadata.recovery.strategy", "none"))
            .buildForAnyRun();
    try (EmbeddedBroker broker = start(port)) {
      tellUntilOneMoreArrives(publisher);
    }
    long failedBefore = publisher.stats().failed();
    publisher.publish(Publishing.event("a", 1));
    Await.until("its loss", () -> publisher.stats().failed() == failedBefore + 1);
    try (EmbeddedBroker broker = start(port)) {
      tellUntilOneMoreArrives(publisher);
      publisher.close(AMPLE);

      PublisherStats end = publisher.stats();
      assertThat(end.droppedInAll()).isZero();
      assertThat(end.published() + end.failed()).isEqualTo(end.accepted());
    }
  }

  /** A broker that has just started may need longer for its first answer than an event may wait. */
  private static void tellUntilOneMoreArrives(EventPublisher publisher) {
    long before = publisher.stats().published();
    while (publisher.stats().published() == before) {
      long answered = answered(publisher);
      publisher.publish(Publishing.event("a", 0));
      Await.until("what becomes of an event", () -> answered(publisher) > answered);
    }
  }

  private static long answered(EventPublisher publisher) {
    PublisherStats stats = publisher.stats();
    return stats.published() + stats.failed();
  }

  private static void takeAll(ServerSocket door, List<Socket> taken) {
    try {
      while (true) {
        taken.add(door.accept());
      }
    } catch (IOException e) {
      return; // the door is shut
    }
  }

  /** Bytes a second that any producer may send; null: as many as it can. */
  private static void throttle(Admin admin, @Nullable Double rate) throws Exception {
    Map<String, String> everybody = new HashMap<>();
    everybody.put(ClientQuotaEntity.CLIENT_ID, null);
    admin
        .alterClientQuotas(
            List.of(
                new ClientQuotaAlteration(
                    new ClientQuotaEntity(everybody),
                    List.of(new ClientQuotaAlteration.Op(QUOTA, rate)))))
        .all()
        .get();
  }

  private static EventPublisher publisher(String servers) {
    return StepPublisher.builder()
        .bootstrapServers(servers)
        .queueCapacity(QUEUE)
        .clientProperties(Map.of("buffer.memory", "32768", "batch.size", "1024"))
        .buildForAnyRun();
  }

  private static EmbeddedBroker start(int port) throws IOException {
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary().withPort(port));
    broker.createTopics(List.of(new NewTopic(Publishing.TOPIC, 1, (short) 1)));
    return broker;
  }
}

package io.gradwatch.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  private static final String TOPIC = "norms";

  @Test
  void restartsOnTheSameFolderWithItsData(@TempDir Path folder) throws Exception {
    BrokerOptions options = BrokerOptions.temporary().withDataFolder(folder);
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      broker.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));
      send(broker, "first");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      send(broker, "second");
      assertThat(read(broker)).containsExactly("first", "second");
    }
  }

  @Test
  void twoRunAtOnceAndShareNothing() throws Exception {
    try (EmbeddedBroker one = EmbeddedBroker.start(BrokerOptions.temporary());
        EmbeddedBroker other = EmbeddedBroker.start(BrokerOptions.temporary())) {
      one.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));
      other.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));
      send(one, "of one");
      assertThat(read(one)).containsExactly("of one");
      assertThat(read(other)).isEmpty();
    }
  }

  @Test
  void closesCleanly() throws Exception {
    Set<String> threadsBefore = threads();
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary());
    assertThat(broker.dataFolder()).exists();
    broker.close();
    broker.close();
    assertThat(broker.dataFolder()).doesNotExist();
    // A thread whose work is over and joined may still be on its way out.
    Await.until(
        "the end of the broker's threads",
        () ->
            threads().stream()
                .filter(name -> !threadsBefore.contains(name))
                .noneMatch(name -> name.contains("kafka") || name.contains("raft")));
  }

  @Test
  void listensOnLoopbackAtTheFixedPort() throws Exception {
    int port = Ports.free();
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary().withPort(port))) {
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      broker.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));
      send(broker, "here");
      assertThat(read(broker)).containsExactly("here");
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.temporary().withPort(port)))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("port " + port + " is taken");
    }
  }

  @Test
  void saysThatTheFolderIsInUse(@TempDir Path folder) throws Exception {
    BrokerOptions options = BrokerOptions.temporary().withDataFolder(folder);
    try (EmbeddedBroker holder = EmbeddedBroker.start(options)) {
      assertThat(holder.bootstrapServers()).isNotEmpty();
      assertThatThrownBy(() -> EmbeddedBroker.start(options))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another broker uses the data folder " + folder);
    }
  }

  @Test
  void leavesATopicThatIsThereAsItIs() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary())) {
      broker.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1)));
      broker.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1)));
      assertThat(cluster(broker).endOffsets(TOPIC, IsolationLevel.READ_UNCOMMITTED)).hasSize(2);
    }
  }

  @Test
  void makesTopicsByItselfOnlyWhenAsked() throws Exception {
    BrokerOptions automatic =
        BrokerOptions.temporary()
            .withAutoCreateTopics()
            .withSettings(Map.of("num.partitions", "3"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(automatic)) {
      send(broker, "out of nothing");
      assertThat(cluster(broker).endOffsets(TOPIC, IsolationLevel.READ_UNCOMMITTED)).hasSize(3);
    }
  }

  @Test
  void refusesAPortThatIsNone() {
    assertThatThrownBy(() -> BrokerOptions.temporary().withPort(65_536))
        .hasMessage("port is 65536, must be 0 to 65535");
  }

  private static KafkaCluster cluster(EmbeddedBroker broker) {
    return new KafkaCluster() {
      @Override
      public String bootstrapServers() {
        return broker.bootstrapServers();
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }

  private static void send(EmbeddedBroker broker, String value) {
    cluster(broker).send(List.of(new ProducerRecord<>(TOPIC, value.getBytes(UTF_8))));
  }

  private static List<String> read(EmbeddedBroker broker) {
    return cluster(broker).readAll(TOPIC, IsolationLevel.READ_COMMITTED).stream()
        .map(record -> new String(record.value(), UTF_8))
        .toList();
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }
}

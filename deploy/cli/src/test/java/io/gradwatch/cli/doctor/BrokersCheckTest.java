package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.doctor.BrokersCheck.Held;
import io.gradwatch.cli.doctor.Finding.Severity;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokersCheckTest {
  private final BrokersCheck check = new BrokersCheck(Sites.plain());

  @ParameterizedTest
  @CsvSource({
    // replicas, in sync, must be in sync, brokers, what is said
    "3, 3, 2, 3, OK, all replicas of 1 topic are in sync",
    "3, 2, 2, 3, PROBLEM, 1 of 1 partitions have replicas that are behind",
    "3, 1, 2, 3, PROBLEM, 1 of 1 partitions refuse writes for want of replicas in sync",
    "2, 2, 3, 3, PROBLEM, min.insync.replicas is 3 with 2 replicas",
    "1, 1, 1, 3, NOTE, one replica on 3 brokers: it is lost with one of them"
  })
  void tellHowSafeATopicIs(
      int replicas, int inSync, int minInSync, int brokers, Severity severity, String found) {
    Held topic =
        new Held(
            "t",
            List.of(new TopicPartitionInfo(0, node(1), nodes(replicas), nodes(inSync))),
            minInSync);

    assertThat(check.replicas(List.of(topic), brokers))
        .singleElement()
        .extracting(Finding::severity, Finding::found)
        .containsExactly(severity, found);
  }

  @Test
  void tellOfPartitionsThatNobodyLeads() {
    Held topic = new Held("t", List.of(new TopicPartitionInfo(0, null, nodes(2), nodes(0))), 1);

    assertThat(check.replicas(List.of(topic), 2))
        .singleElement()
        .extracting(Finding::found)
        .isEqualTo("1 of 1 partitions have no leader: nothing is read or written");
  }

  @Test
  void askForTransactionsThatABrokerEnds() {
    assertThat(check.features(Map.of("transaction.version", (short) 2)).severity())
        .isEqualTo(Severity.OK);
    assertThat(check.features(Map.of("transaction.version", (short) 1)).remedy())
        .contains("upgrade --feature transaction.version=2");
    assertThat(check.features(Map.of()).found()).startsWith("none told; ");
  }

  private static List<Node> nodes(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(BrokersCheckTest::node).toList();
  }

  private static Node node(int id) {
    return new Node(id, "kafka", 9092);
  }
}

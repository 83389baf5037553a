package io.gradwatch.cli.doctor;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Counted;
import io.gradwatch.schemas.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Are there enough brokers of a new enough Kafka, and do they hold every partition? */
final class BrokersCheck implements Check {
  private static final String TRANSACTIONS = "transaction.version";

  /** From here on a broker ends what a client left behind instead of letting it block readers. */
  private static final short SAFE_TRANSACTIONS = 2;

  private final Site site;

  BrokersCheck(Site site) {
    this.site = site;
  }

  /**
   * One topic as its brokers hold it.
   *
   * @param minInSync replicas that must have a record before it counts as written; 0: not known
   */
  record Held(String topic, List<TopicPartitionInfo> partitions, int minInSync) {}

  @Override
  public String name() {
    return "brokers";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    int brokers = site.admin().describeCluster().nodes().get().size();
    findings.add(
        Finding.ok(
            name(),
            site.kafka().bootstrapServer(),
            brokers == 1 ? "1 broker answers" : brokers + " brokers answer",
            ""));
    Map<String, Short> features = new TreeMap<>();
    site.admin()
        .describeFeatures()
        .featureMetadata()
        .get()
        .finalizedFeatures()
        .forEach((name, range) -> features.put(name, range.maxVersionLevel()));
    findings.add(features(features));
    findings.addAll(replicas(held(), brokers));
    return findings;
  }

  Finding features(Map<String, Short> features) {
    short transactions = features.getOrDefault(TRANSACTIONS, (short) 0);
    String bound = TRANSACTIONS + " " + SAFE_TRANSACTIONS + ": Kafka 4.0 or newer";
    if (transactions >= SAFE_TRANSACTIONS) {
      return Finding.ok(name(), "features", words(features), bound);
    }
    return Finding.note(
        name(),
        "features",
        words(features)
            + "; a transaction that a dead job left may hold back readers of statistics",
        bound,
        "upgrade Kafka, then: "
            + site.remedies()
                .kafka("kafka-features.sh", "upgrade", "--feature", TRANSACTIONS + "=2"));
  }

  private static String words(Map<String, Short> features) {
    String words =
        features.entrySet().stream()
            .filter(
                entry ->
                    entry.getKey().equals("metadata.version")
                        || entry.getKey().equals(TRANSACTIONS))
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? "none told" : words;
  }

  private List<Held> held() throws ExecutionException, InterruptedException {
    List<Held> held = new ArrayList<>();
    List<String> names = site.specs().stream().map(TopicSpec::name).toList();
    Map<String, KafkaFuture<TopicDescription>> told =
        site.admin().describeTopics(names).topicNameValues();
    for (String name : names) {
      try {
        TopicDescription topic = requireNonNull(told.get(name)).get();
        held.add(new Held(name, topic.partitions(), minInSync(name)));
      } catch (ExecutionException e) {
        // Another check tells what is missing or may not be seen.
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException
            || e.getCause() instanceof TopicAuthorizationException)) {
          throw e;
        }
      }
    }
    return held;
  }

  private int minInSync(String topic) throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      var told = site.admin().describeConfigs(List.of(resource)).values();
      Config config = requireNonNull(told.get(resource)).get();
      ConfigEntry entry = config.get("min.insync.replicas");
      return entry == null ? 0 : Integer.parseInt(entry.value());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        return 0;
      }
      throw e;
    }
  }

  List<Finding> replicas(List<Held> topics, int brokers) {
    List<Finding> findings = new ArrayList<>();
    for (Held topic : topics) {
      findings.addAll(replicas(topic, brokers));
    }
    if (findings.isEmpty() && !topics.isEmpty()) {
      findings.add(
          Finding.ok(
              name(),
              "replicas",
              "all replicas of " + Counted.of(topics.size(), "topic") + " are in sync",
              "no partition without leader, none behind"));
    }
    if (brokers == 1) {
      findings.add(
          Finding.note(
              name(),
              "replicas",
              "one broker holds the only copy of everything",
              "three brokers where records must outlive a machine",
              "nothing to do for a trial"));
    }
    return findings;
  }

  private List<Finding> replicas(Held topic, int brokers) {
    int replicas =
        topic.partitions().stream().mapToInt(one -> one.replicas().size()).min().orElse(0);
    long leaderless = topic.partitions().stream().filter(BrokersCheck::isWithoutLeader).count();
    long refusing =
        topic.partitions().stream().filter(one -> one.isr().size() < topic.minInSync()).count();
    long behind =
        topic.partitions().stream().filter(one -> one.isr().size() < one.replicas().size()).count();
    String of = " of " + topic.partitions().size() + " partitions ";
    if (leaderless > 0) {
      return List.of(down(topic, leaderless + of + "have no leader: nothing is read or written"));
    }
    if (topic.minInSync() > replicas) {
      return List.of(
          Finding.problem(
              name(),
              topic.topic(),
              "min.insync.replicas is "
                  + topic.minInSync()
                  + " with "
                  + Counted.of(replicas, "replica"),
              "at most the replicas, or every write is refused",
              site.remedies()
                  .setTopic(topic.topic(), "min.insync.replicas", Integer.toString(replicas))));
    }
    if (refusing > 0) {
      return List.of(down(topic, refusing + of + "refuse writes for want of replicas in sync"));
    }
    if (behind > 0) {
      return List.of(down(topic, behind + of + "have replicas that are behind"));
    }
    if (replicas < 2 && brokers > 1) {
      return List.of(
          Finding.note(
              name(),
              topic.topic(),
              "one replica on " + brokers + " brokers: it is lost with one of them",
              "3 replicas, min.insync.replicas 2",
              "kafka-reassign-partitions.sh adds replicas; default.replication.factor=3 at the"
                  + " brokers gives them to new topics"));
    }
    return List.of();
  }

  private static boolean isWithoutLeader(TopicPartitionInfo partition) {
    return partition.leader() == null || partition.leader().isEmpty();
  }

  private Finding down(Held topic, String found) {
    return Finding.problem(
        name(),
        topic.topic(),
        found,
        "all replicas in sync",
        "a broker is down or slow; which: "
            + site.remedies()
                .kafka("kafka-topics.sh", "--describe", "--under-replicated-partitions"));
  }
}

package io.gradwatch.cli.kafka;

import io.gradwatch.agent.Counted;
import io.gradwatch.schemas.TopicSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;

/**
 * What has to happen to the topics of a Kafka: those that are missing are to be created; one that
 * is there stays as it is, and where it is not as it should be, that is told.
 *
 * @param entries one for each topic, in the order asked for
 */
public record TopicPlan(List<Entry> entries) {
  /** How many partitions a topic has, which is no setting by name for Kafka. */
  public static final String PARTITIONS = "partitions";

  private static final short BROKERS_DEFAULT = -1;

  /** Looks at the leaders of new topics, and the pause between two: 10 s in all. */
  private static final int LEADER_ATTEMPTS = 50;

  private static final long LEADER_PAUSE_MILLIS = 200;

  /**
   * One topic.
   *
   * @param spec how it should be
   * @param exists whether it is there
   * @param settings what Kafka says of it, by Kafka's names; empty when it is missing
   * @param differences how it is otherwise; empty when it is as it should be
   */
  public record Entry(
      TopicSpec spec, boolean exists, Map<String, String> settings, List<Difference> differences) {

    /** The differences in words. */
    public String inWords() {
      return differences.stream()
          .map(one -> one.name() + " " + one.found() + ", not " + one.wanted())
          .collect(Collectors.joining("; "));
    }
  }

  /**
   * One setting that is otherwise.
   *
   * @param name Kafka's name of it, or {@link #PARTITIONS}
   */
  public record Difference(String name, String found, String wanted) {}

  /** Compares what should be with what is. */
  public static TopicPlan make(Admin admin, List<TopicSpec> specs)
      throws ExecutionException, InterruptedException {
    var names = admin.listTopics().names().get();
    List<String> present = specs.stream().map(TopicSpec::name).filter(names::contains).toList();
    Map<String, TopicDescription> descriptions =
        admin.describeTopics(present).allTopicNames().get();
    Map<ConfigResource, Config> configs =
        admin.describeConfigs(present.stream().map(TopicPlan::resource).toList()).all().get();
    List<Entry> entries = new ArrayList<>();
    for (TopicSpec spec : specs) {
      TopicDescription description = descriptions.get(spec.name());
      Config config = configs.get(resource(spec.name()));
      entries.add(
          description == null || config == null
              ? new Entry(spec, false, Map.of(), List.of())
              : entry(spec, description, settings(config)));
    }
    return new TopicPlan(entries);
  }

  /**
   * Creates what is missing, and returns when it can be written: a producer that meets a partition
   * before its leader does may have its first request refused and its second one taken, and then
   * repeats the first one in vain.
   */
  public void createMissing(Admin admin) throws ExecutionException, InterruptedException {
    List<TopicSpec> missing =
        entries.stream().filter(entry -> !entry.exists()).map(Entry::spec).toList();
    admin
        .createTopics(
            missing.stream()
                .map(
                    spec ->
                        new NewTopic(spec.name(), spec.partitions(), BROKERS_DEFAULT)
                            .configs(spec.configs()))
                .toList())
        .all()
        .get();
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (TopicSpec spec : missing) {
      for (int partition = 0; partition < spec.partitions(); partition++) {
        partitions.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
      }
    }
    awaitLeaders(partitions, admin);
  }

  private static void awaitLeaders(Map<TopicPartition, OffsetSpec> partitions, Admin admin)
      throws ExecutionException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        admin.listOffsets(partitions).all().get();
        return;
      } catch (ExecutionException e) {
        // Brokers learn of a new topic one after the other, and one that has not says it is
        // unknown.
        if (!(e.getCause() instanceof RetriableException) || attempt == LEADER_ATTEMPTS) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(LEADER_PAUSE_MILLIS);
    }
  }

  /** True when no topic is otherwise than it should be. */
  public boolean agrees() {
    return entries.stream().allMatch(entry -> entry.differences().isEmpty());
  }

  private static Entry entry(
      TopicSpec spec, TopicDescription description, Map<String, String> settings) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put(PARTITIONS, Integer.toString(spec.partitions()));
    wanted.putAll(spec.configs());
    Map<String, String> found = new TreeMap<>(settings);
    found.put(PARTITIONS, Integer.toString(description.partitions().size()));
    List<Difference> differences = new ArrayList<>();
    wanted.forEach(
        (name, value) -> {
          String is = found.getOrDefault(name, "unknown");
          if (!is.equals(value)) {
            differences.add(new Difference(name, is, value));
          }
        });
    return new Entry(spec, true, found, differences);
  }

  private static Map<String, String> settings(Config config) {
    Map<String, String> settings = new TreeMap<>();
    for (ConfigEntry entry : config.entries()) {
      if (entry.value() != null) {
        settings.put(entry.name(), entry.value());
      }
    }
    return settings;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** A topic's settings in words. */
  public static String settings(TopicSpec spec) {
    return Counted.of(spec.partitions(), "partition")
        + ", "
        + spec.configs().entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(", "));
  }
}

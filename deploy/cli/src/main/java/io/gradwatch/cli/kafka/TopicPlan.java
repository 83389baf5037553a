package io.gradwatch.cli.kafka;

import io.gradwatch.schemas.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What has to happen to the topics of a Kafka: those that are missing are to be created; one that
 * is there stays as it is, and where it is not as it should be, that is told.
 *
 * @param entries one for each topic, in the order asked for
 */
public record TopicPlan(List<Entry> entries) {
  private static final short BROKERS_DEFAULT = -1;

  /**
   * One topic.
   *
   * @param spec how it should be
   * @param exists whether it is there
   * @param differences how it is otherwise, in words; empty when it is as it should be
   */
  public record Entry(TopicSpec spec, boolean exists, List<String> differences) {}

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
              ? new Entry(spec, false, List.of())
              : new Entry(spec, true, differences(spec, description, config)));
    }
    return new TopicPlan(entries);
  }

  /** Creates what is missing. */
  public void createMissing(Admin admin) throws ExecutionException, InterruptedException {
    List<NewTopic> topics =
        entries.stream()
            .filter(entry -> !entry.exists())
            .map(Entry::spec)
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), BROKERS_DEFAULT)
                        .configs(spec.configs()))
            .toList();
    admin.createTopics(topics).all().get();
  }

  /** True when no topic is otherwise than it should be. */
  public boolean agrees() {
    return entries.stream().allMatch(entry -> entry.differences().isEmpty());
  }

  private static List<String> differences(
      TopicSpec spec, TopicDescription description, Config config) {
    List<String> differences = new ArrayList<>();
    int partitions = description.partitions().size();
    if (partitions != spec.partitions()) {
      differences.add("partitions " + partitions + ", not " + spec.partitions());
    }
    spec.configs()
        .forEach(
            (name, wanted) -> {
              ConfigEntry entry = config.get(name);
              String found = entry == null ? "unknown" : String.valueOf(entry.value());
              if (!found.equals(wanted)) {
                differences.add(name + " " + found + ", not " + wanted);
              }
            });
    return differences;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** A topic's settings in words. */
  public static String settings(TopicSpec spec) {
    return spec.partitions()
        + " partitions, "
        + spec.configs().entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(", "));
  }
}

package io.gradwatch.jobs.kafka;

import static java.util.Objects.requireNonNull;

import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes to the event topic of every project whose output topics are there, and creates those
 * when it may. A project without them must not be read: its first alarm could not be written, and
 * that would stop the job for all the others.
 */
final class ProjectTopics implements KafkaSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectTopics.class);

  /** Topics of all projects that the job writes or reads. */
  private static final Set<String> SHARED =
      Set.of(Topics.DEAD_LETTERS, Topics.POLICIES, Topics.INCIDENTS);

  private static final short BROKERS_DEFAULT_REPLICATION = -1;

  /** Looks at the leaders of new topics, and the pause between two: 10 s in all. */
  private static final int LEADER_ATTEMPTS = 50;

  private static final long LEADER_PAUSE_MILLIS = 200;

  private final boolean createMissing;
  private final boolean deadLettersMayBeLost;
  private final Set<String> unwatched = new HashSet<>();

  ProjectTopics(boolean createMissing, boolean deadLettersMayBeLost) {
    this.createMissing = createMissing;
    this.deadLettersMayBeLost = deadLettersMayBeLost;
  }

  @Override
  public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient admin) {
    Set<String> topics = new TreeSet<>(await(() -> admin.listTopics().names().get()));
    List<String> events = topics.stream().filter(Topics.EVENTS_PATTERN.asMatchPredicate()).toList();
    if (createMissing && !events.isEmpty()) {
      topics.addAll(create(missing(events, topics), admin));
    }
    List<String> watched = events.stream().filter(topic -> watch(topic, topics)).toList();
    return admin.describeTopics(watched).topicNameValues().values().stream()
        .flatMap(ProjectTopics::partitions)
        .collect(Collectors.toSet());
  }

  private static Stream<TopicPartition> partitions(KafkaFuture<TopicDescription> topic) {
    try {
      TopicDescription description = topic.get();
      return description.partitions().stream()
          .map(partition -> new TopicPartition(description.name(), partition.partition()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        // Listed a moment ago: too new for this broker to know, or just deleted. The next look
        // tells.
        return Stream.of();
      }
      throw new KafkaException("cannot learn the partitions of a topic", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static List<TopicSpec> missing(List<String> events, Set<String> topics) {
    return Stream.concat(
            events.stream().flatMap(topic -> Topics.specs(Topics.project(topic)).stream()),
            Topics.sharedSpecs().stream().filter(spec -> SHARED.contains(spec.name())))
        .filter(spec -> !topics.contains(spec.name()))
        .toList();
  }

  /**
   * Creates what it can, and waits until it can be written: a producer that meets a partition
   * before its leader does may have its first request refused and its second one taken, and then
   * repeats the first one in vain. What cannot be created, or does not answer in time, is left to
   * {@link #watch} to tell and to the next look at the topics.
   */
  private static Set<String> create(List<TopicSpec> specs, AdminClient admin) {
    List<NewTopic> topics =
        specs.stream()
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), BROKERS_DEFAULT_REPLICATION)
                        .configs(spec.configs()))
            .toList();
    CreateTopicsResult result = admin.createTopics(topics);
    Set<String> created = new HashSet<>();
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (TopicSpec spec : specs) {
      try {
        // Kafka would also tell what it made, but only to those who may read topics' settings.
        var unused = requireNonNull(result.values().get(spec.name())).get();
        created.add(spec.name());
        for (int partition = 0; partition < spec.partitions(); partition++) {
          partitions.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
        }
      } catch (ExecutionException e) {
        LOG.warn("cannot create topic {}: {}", spec.name(), String.valueOf(e.getCause()));
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    return haveLeaders(partitions, admin) ? created : Set.of();
  }

  /** Waits until every partition has a leader that answers; false when that takes too long. */
  private static boolean haveLeaders(
      Map<TopicPartition, OffsetSpec> partitions, AdminClient admin) {
    for (int attempt = 0; attempt < LEADER_ATTEMPTS; attempt++) {
      try {
        admin.listOffsets(partitions).all().get();
        return true;
      } catch (ExecutionException e) {
        // Brokers learn of a new topic one after the other, and one that has not says it is
        // unknown.
        if (!(e.getCause() instanceof RetriableException)) {
          throw new KafkaException("cannot learn the leaders of new topics", e.getCause());
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      pause();
    }
    return false;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LEADER_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private boolean watch(String eventTopic, Set<String> topics) {
    String project = Topics.project(eventTopic);
    List<String> needed =
        new ArrayList<>(
            List.of(
                Topics.alarms(project),
                Topics.recommendations(project),
                Topics.statistics(project),
                Topics.INCIDENTS));
    if (!deadLettersMayBeLost) {
      needed.add(Topics.DEAD_LETTERS);
    }
    if (topics.containsAll(needed)) {
      if (unwatched.remove(project)) {
        LOG.info("project {} is watched now", project);
      }
      return true;
    }
    if (unwatched.add(project)) {
      Collection<String> absent = needed.stream().filter(topic -> !topics.contains(topic)).toList();
      LOG.warn("project {} is not watched until these topics are there: {}", project, absent);
    }
    return false;
  }

  private interface Answer<T> {
    T get() throws ExecutionException, InterruptedException;
  }

  private static <T> T await(Answer<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot learn the topics", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static KafkaException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new KafkaException("interrupted while learning the topics", cause);
  }
}

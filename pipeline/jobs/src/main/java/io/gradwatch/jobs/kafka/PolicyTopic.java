package io.gradwatch.jobs.kafka;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Subscribes to the policy topic from the moment it is there. */
final class PolicyTopic implements KafkaSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyTopic.class);

  private final String topic;
  private boolean told;

  PolicyTopic(String topic) {
    this.topic = topic;
  }

  @Override
  public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient admin) {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
          .flatMap(description -> description.partitions().stream())
          .map(partition -> new TopicPartition(topic, partition.partition()))
          .collect(Collectors.toSet());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw new KafkaException("cannot learn the partitions of " + topic, e.getCause());
      }
      if (!told) {
        told = true;
        LOG.warn("there is no topic {}: every run has the default policy until it is there", topic);
      }
      return Set.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while learning the partitions of " + topic, e);
    }
  }
}

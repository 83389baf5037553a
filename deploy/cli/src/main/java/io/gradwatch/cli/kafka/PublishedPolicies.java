package io.gradwatch.cli.kafka;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyDecoder;
import io.gradwatch.wire.policy.RefusedPolicyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What lies in the policy topic, as the job understands it. */
public final class PublishedPolicies {
  /**
   * One version of a policy.
   *
   * @param removed true: the policy ends with it, and it sets nothing
   * @param author who set it, may be empty
   * @param note why, may be empty
   */
  public record Version(PolicyDocument document, boolean removed, String author, String note) {}

  /**
   * A record that is no policy.
   *
   * @param place partition and offset, for a person
   * @param reason why, as one of a closed set of words, and in one sentence
   */
  public record Refused(String place, String reason) {}

  private final SortedMap<String, List<Version>> byKey = new TreeMap<>();
  private final List<Refused> refused = new ArrayList<>();
  private final PolicyDecoder decoder;
  private final RecordCodec<Policy> codec;

  private PublishedPolicies(@Nullable SchemaRegistry registry) {
    decoder = new PolicyDecoder(registry);
    codec = RecordCodec.reading(Policy.class, registry);
  }

  /**
   * Reads the topic to its end.
   *
   * @param settings how to reach Kafka
   * @throws IllegalArgumentException when there is no such topic
   */
  public static PublishedPolicies read(Map<String, Object> settings) {
    return read(settings, null);
  }

  /**
   * The same with a registry, where ids of Confluent framing are looked up.
   *
   * @throws java.io.UncheckedIOException when it cannot be asked
   */
  public static PublishedPolicies read(
      Map<String, Object> settings, @Nullable SchemaRegistry registry) {
    PublishedPolicies policies = new PublishedPolicies(registry);
    try (TopicReader reader = new TopicReader(settings, List.of(Topics.POLICIES), true)) {
      reader.readTo(reader.ends(), policies::take);
    }
    return policies;
  }

  /**
   * The versions of each policy by its key, in the order in which they take effect; one that was
   * replaced before it could is left out.
   */
  public SortedMap<String, List<Version>> byKey() {
    return Collections.unmodifiableSortedMap(byKey);
  }

  /** The version of a policy that was published last; null when there is none. */
  public @Nullable Version newest(String key) {
    List<Version> versions = byKey.getOrDefault(key, List.of());
    return versions.isEmpty() ? null : versions.get(versions.size() - 1);
  }

  /**
   * The version of a policy that holds at a time, be it its removal; null when none does.
   *
   * @param at milliseconds since 1970
   */
  public @Nullable Version at(String key, long at) {
    Version holds = null;
    for (Version version : byKey.getOrDefault(key, List.of())) {
      holds = version.document().effectiveAt() <= at ? version : holds;
    }
    return holds;
  }

  /** What is no policy. */
  public List<Refused> refused() {
    return Collections.unmodifiableList(refused);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      PolicyDocument document = decoder.decode(record.key(), record.value(), record.timestamp());
      List<Version> versions = byKey.computeIfAbsent(document.key(), key -> new ArrayList<>());
      versions.removeIf(known -> known.document().effectiveAt() >= document.effectiveAt());
      if (record.value() == null) {
        versions.add(new Version(document, true, "", ""));
      } else {
        Policy policy = codec.decode(record.value());
        versions.add(new Version(document, false, policy.getAuthor(), policy.getNote()));
      }
    } catch (RefusedPolicyException e) {
      refuse(record, e.reason() + ": " + e.getMessage());
    } catch (RecordFormatException e) {
      throw new IllegalStateException("was decoded a moment ago", e);
    }
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    refused.add(
        new Refused("partition " + record.partition() + ", offset " + record.offset(), reason));
  }
}

package io.gradwatch.console.feed;

import io.gradwatch.schemas.SchemaRegistry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to read.
 *
 * @param client settings of Kafka's clients
 * @param events whether to read the trainers' events: curves of every step, heat maps, histograms;
 *     without them curves have the points that statistics tell, one in 50 steps
 * @param history how far back to read events and statistics; null: as far as they are kept
 * @param discovery how often to look for new projects
 * @param registry where ids of Confluent framing are looked up; null: records that bear it are
 *     passed over
 */
public record FeedOptions(
    Map<String, Object> client,
    boolean events,
    @Nullable Duration history,
    Duration discovery,
    @Nullable SchemaRegistry registry) {
  /** Options. */
  public FeedOptions {
    client = Map.copyOf(client);
  }

  /** Options without a registry. */
  public FeedOptions(
      Map<String, Object> client, boolean events, @Nullable Duration history, Duration discovery) {
    this(client, events, history, discovery, null);
  }
}

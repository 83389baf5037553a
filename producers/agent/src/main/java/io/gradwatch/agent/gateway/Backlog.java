package io.gradwatch.agent.gateway;

import io.gradwatch.producer.PublisherStats;
import java.util.ArrayDeque;

/**
 * How many bytes wait in a queue that is bounded by events alone, of which one may be ten thousand
 * times as large as another. A batch counts until the last of its events has left.
 */
final class Backlog {
  private record Batch(long lastEvent, long bytes) {}

  private final long mostBytes;
  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private long bytes;

  Backlog(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** True when a batch of this size may be added, once those are out that have left. */
  boolean hasRoom(long batchBytes, PublisherStats stats) {
    long left = stats.accepted() - stats.queued();
    while (!batches.isEmpty() && batches.element().lastEvent() <= left) {
      bytes -= batches.remove().bytes();
    }
    return bytes + batchBytes <= mostBytes;
  }

  /** Adds a batch whose events were just accepted. */
  void add(long batchBytes, PublisherStats stats) {
    bytes += batchBytes;
    batches.add(new Batch(stats.accepted(), batchBytes));
  }
}

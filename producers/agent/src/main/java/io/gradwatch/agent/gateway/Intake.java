package io.gradwatch.agent.gateway;

import io.gradwatch.agent.Counted;
import io.gradwatch.producer.PublisherStats;
import io.gradwatch.traces.JsonBatch;
import io.gradwatch.traces.LiveRuns;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Where the batches of one project go in, one after the other. */
final class Intake {
  private final Outlet outlet;
  private final LongSupplier nanoTime;
  private final LiveRuns runs;
  private final Backlog backlog;
  private final Delivery delivery;

  Intake(Outlet outlet, GatewayLimits limits, LongSupplier nanoTime) {
    this.outlet = outlet;
    this.nanoTime = nanoTime;
    this.runs = new LiveRuns(limits.knownRunsBytes());
    this.backlog = new Backlog(limits.queuedBytes());
    this.delivery = new Delivery(limits.kafkaPatience().toNanos(), nanoTime.getAsLong());
  }

  /**
   * Puts all events of a batch into the queue, or none.
   *
   * @param bytes of the body that it came in
   * @return how many events it made
   * @throws RefusedException QUEUE_FULL
   */
  synchronized int accept(JsonBatch batch, int bytes) throws RefusedException {
    PublisherStats stats = look();
    LiveRuns.Proposal proposal = runs.propose(batch);
    int events = proposal.events().size();
    if (!backlog.hasRoom(bytes, stats) || !outlet.publishAll(proposal.events())) {
      throw new RefusedException(
          Refusal.QUEUE_FULL,
          "no room for %s: %,d wait for Kafka; nothing was taken, send it again later"
              .formatted(Counted.of(events, "event"), stats.queued()));
    }
    proposal.take();
    backlog.add(bytes, outlet.stats());
    return events;
  }

  /** False while Kafka takes nothing. */
  synchronized boolean delivers() {
    look();
    return delivery.works(nanoTime.getAsLong());
  }

  synchronized int knownRuns() {
    return runs.size();
  }

  PublisherStats stats() {
    return outlet.stats();
  }

  void close(Duration timeout) {
    outlet.close(timeout);
  }

  private PublisherStats look() {
    PublisherStats stats = outlet.stats();
    delivery.look(stats, nanoTime.getAsLong());
    return stats;
  }
}

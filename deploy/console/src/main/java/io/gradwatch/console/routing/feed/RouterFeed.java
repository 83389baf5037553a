package io.gradwatch.console.routing.feed;

import io.gradwatch.console.routing.delivery.RoutingState;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a router's state from Kafka, in one thread. An alarm is handed over when all is known that
 * was written before the router got its partition: that it was resolved, silenced, or told by the
 * router that had it before.
 */
public final class RouterFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouterFeed.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final long COMMIT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_MILLIS = 1_000;

  /** Longest wait for tags: a run without is told by routes without. */
  private static final long TAGS_NANOS = Duration.ofSeconds(60).toNanos();

  /** Between questions to a registry that is away, each of which holds alarms up. */
  private static final long TAGS_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  private final RoutingState state;
  private final @Nullable KafkaJournal journal;
  private final AlarmsReader alarms;
  private final SayingsReader sayings;
  private final @Nullable TagsReader tags;
  private final Undecodable undecodable = new Undecodable();
  private final LastRead lastRead;
  private final LongSupplier nanos;
  private final Clock clock;
  private final long startedNanos;
  private Map<TopicPartition, Long> said = Map.of();
  private long committedNanos;
  private long tagsFailedNanos;
  private volatile boolean closing;

  /**
   * @param origin where records come from
   * @param group whose members share the alarms
   * @param withTags whether owners and tags of runs are read
   * @param journal what was told; null: nothing is written and committed
   * @throws IllegalStateException when a topic is not there
   */
  public RouterFeed(
      Origin origin,
      String group,
      boolean withTags,
      RoutingState state,
      @Nullable KafkaJournal journal,
      Clock clock) {
    this(origin, group, withTags, state, journal, clock, System::nanoTime);
  }

  /** The same where a test says how much time has passed. */
  RouterFeed(
      Origin origin,
      String group,
      boolean withTags,
      RoutingState state,
      @Nullable KafkaJournal journal,
      Clock clock,
      LongSupplier nanos) {
    this.nanos = nanos;
    this.clock = clock;
    this.startedNanos = nanos.getAsLong();
    this.committedNanos = startedNanos;
    this.tagsFailedNanos = startedNanos - TAGS_PAUSE_NANOS;
    this.state = state;
    this.journal = journal;
    this.sayings = new SayingsReader(origin, state, undecodable);
    this.alarms =
        new AlarmsReader(
            origin,
            group,
            journal != null,
            state,
            undecodable,
            () -> journal == null || journal.isComplete(),
            clock);
    this.tags = withTags ? new TagsReader(origin, state, undecodable) : null;
    this.lastRead = new LastRead(List.of(alarms::answers, sayings::answers), clock);
  }

  /**
   * Reads until it is closed.
   *
   * @throws KafkaException when Kafka refuses the router for good
   */
  public void run() throws InterruptedException {
    try {
      while (!closing) {
        step();
      }
    } finally {
      alarms.close();
      sayings.close();
      if (tags != null) {
        tags.close();
      }
    }
  }

  /** Records that nobody could read. */
  public Undecodable undecodable() {
    return undecodable;
  }

  /** When alarms and what was said of them were last read. */
  public LastRead lastRead() {
    return lastRead;
  }

  /** Ends {@link #run}; returns at once. */
  @Override
  public void close() {
    closing = true;
    alarms.wakeup();
  }

  private void step() throws InterruptedException {
    try {
      boolean loading = alarms.isLoading();
      alarms.poll(loading ? AT_ONCE : POLL);
      if (alarms.hasFresh()) {
        // Either may fail. Where partitions end is asked last: that lets them be handed over.
        said = sayings.ends();
        alarms.askEnds();
      }
      sayings.poll(loading ? POLL : AT_ONCE);
      pollTags();
      if (alarms.isLoading() && sayings.hasReached(said) && hasTags()) {
        alarms.handOver();
      }
      tidy();
      if (!alarms.isHolding() && !sayings.isHolding()) {
        lastRead.endRound();
      }
    } catch (WakeupException e) {
      LOG.debug("the router ends", e);
    } catch (AuthenticationException | AuthorizationException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("cannot read from Kafka, trying again: {}", e.getMessage());
      Thread.sleep(PAUSE_MILLIS);
    } catch (UncheckedIOException e) {
      LOG.warn("cannot ask the schema registry, trying again: {}", e.getMessage());
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Alarms wait for tags only so long, whatever keeps them, and not for each question anew. */
  private void pollTags() {
    if (tags == null || nanos.getAsLong() - tagsFailedNanos < TAGS_PAUSE_NANOS) {
      return;
    }
    try {
      tags.poll(AT_ONCE);
    } catch (UncheckedIOException e) {
      LOG.warn("cannot ask the schema registry for an event's schema: {}", e.getMessage());
      tagsFailedNanos = nanos.getAsLong();
    }
  }

  private boolean hasTags() {
    return tags == null || tags.isCaughtUp() || nanos.getAsLong() - startedNanos > TAGS_NANOS;
  }

  private void tidy() {
    if (nanos.getAsLong() - committedNanos < COMMIT_NANOS) {
      return;
    }
    if (journal != null && !journal.isComplete()) {
      journal.retry();
    }
    alarms.commit();
    state.settle(clock.instant());
    committedNanos = nanos.getAsLong();
  }
}

package io.gradwatch.console.feed;

import io.gradwatch.console.model.Fleet;
import io.gradwatch.schemas.RecordFormatException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topics of all projects in a thread of its own, outside of any consumer group: every
 * console sees everything. No record and no broker stops it: what cannot be read is counted, a
 * broker or registry that is away is waited for.
 */
public final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_LOGGED = 10;

  /** A broker that does not answer for so long is away, and people are told so. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final FeedOptions options;
  private final Fleet fleet;
  private final RemarkOrder remarkOrder = new RemarkOrder();
  private final RecordTaker taker;
  private final FeedTopics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final PolledRecords polledRecords;
  private final Set<TopicPartition> partitions = new HashSet<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean caughtUp;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile long lag = -1;
  private volatile @Nullable String failure;
  private Map<TopicPartition, Long> firstEnds = Map.of();
  private long lookedAtNanos;
  private boolean looked;

  private Feed(FeedOptions options, Fleet fleet) {
    this.options = options;
    this.fleet = fleet;
    this.taker = new RecordTaker(fleet, remarkOrder, options.registry());
    this.topics = new FeedTopics(options.events());
    Map<String, Object> settings = new HashMap<>(options.client());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
    settings.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    polledRecords = new PolledRecords(consumer);
    thread = new Thread(this::run, "gradwatch-console-feed");
    thread.setDaemon(true);
  }

  /** Begins to read. */
  public static Feed start(FeedOptions options, Fleet fleet) {
    Feed feed = new Feed(options, fleet);
    feed.thread.start();
    return feed;
  }

  /** How it goes. */
  public FeedStatus status() {
    return new FeedStatus(caughtUp, records.get(), refused.get(), lag, failure);
  }

  /** In which order this feed, and a journal beside it, tell the model what people say. */
  RemarkOrder remarkOrder() {
    return remarkOrder;
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(CLOSE_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        step();
      }
    } catch (WakeupException | InterruptException e) {
      LOG.debug("the feed ends", e);
    } catch (RuntimeException e) {
      // A defect: what is shown grows old, and whoever asks whether the console is ready is told.
      LOG.error("the feed has stopped", e);
      failure = "the feed has stopped: " + e;
    } finally {
      consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_PATIENCE));
    }
  }

  private void step() {
    try {
      look();
      if (partitions.isEmpty()) {
        caughtUp = true;
        failure = null;
        pause();
        return;
      }
      take(consumer.poll(POLL));
      fleet.passTime();
      measure();
      if (!polledRecords.isHolding()) {
        failure = null;
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      retryLater("Kafka", e);
    } catch (UncheckedIOException e) {
      retryLater("the schema registry", e);
    }
  }

  private void retryLater(String where, RuntimeException cause) {
    String text = "cannot read from " + where + ": " + cause.getMessage();
    if (!text.equals(failure)) {
      LOG.warn("cannot read from {}, trying again every {}", where, PAUSE, cause);
    }
    failure = text;
    pause();
  }

  private void take(ConsumerRecords<byte[], byte[]> polled) {
    polledRecords.each(
        polled,
        record -> {
          try {
            taker.take(record);
          } catch (RecordFormatException | IllegalArgumentException e) {
            refuse(record, e);
          }
          records.incrementAndGet();
        });
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, Exception reason) {
    long count = refused.incrementAndGet();
    if (count <= MOST_LOGGED) {
      LOG.warn(
          "passed over {}-{} offset {}: {}{}",
          record.topic(),
          record.partition(),
          record.offset(),
          reason.getMessage(),
          count == MOST_LOGGED ? "; more are only counted" : "");
    }
  }

  /** Looks for topics and partitions that have come since it looked last. */
  private void look() {
    long now = System.nanoTime();
    if (looked && now - lookedAtNanos < options.discovery().toNanos()) {
      return;
    }
    Set<TopicPartition> found = new HashSet<>();
    for (Map.Entry<String, List<PartitionInfo>> topic : consumer.listTopics().entrySet()) {
      if (topics.contains(topic.getKey())) {
        for (PartitionInfo info : topic.getValue()) {
          TopicPartition partition = new TopicPartition(topic.getKey(), info.partition());
          if (!partitions.contains(partition)) {
            found.add(partition);
          }
        }
      }
    }
    if (!found.isEmpty()) {
      Set<TopicPartition> all = new HashSet<>(partitions);
      all.addAll(found);
      consumer.assign(all);
      consumer.seekToBeginning(found);
      boundHistory(found);
      partitions.addAll(found); // last: when Kafka does not answer, they are found once more
    }
    if (!looked) {
      firstEnds = consumer.endOffsets(partitions);
      looked = true;
    }
    lookedAtNanos = now;
  }

  private void boundHistory(Set<TopicPartition> found) {
    Duration history = options.history();
    if (history == null) {
      return;
    }
    long since = System.currentTimeMillis() - history.toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    for (TopicPartition partition : found) {
      if (FeedTopics.isLarge(partition.topic())) {
        times.put(partition, since);
      }
    }
    for (Map.Entry<TopicPartition, @Nullable OffsetAndTimestamp> start :
        consumer.offsetsForTimes(times).entrySet()) {
      OffsetAndTimestamp offset = start.getValue();
      if (offset == null) {
        consumer.seekToEnd(List.of(start.getKey()));
      } else {
        consumer.seek(start.getKey(), offset.offset());
      }
    }
  }

  private void measure() {
    long behind = 0;
    boolean known = true;
    for (TopicPartition partition : partitions) {
      OptionalLong lagging = consumer.currentLag(partition);
      known &= lagging.isPresent();
      behind += lagging.orElse(0);
    }
    lag = known ? behind : -1;
    if (!caughtUp) {
      caughtUp =
          firstEnds.entrySet().stream()
              .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }
}

package io.gradwatch.console.routing;

import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.delivery.JournalWriter;
import io.gradwatch.console.routing.delivery.RoutingState;
import io.gradwatch.console.routing.delivery.Sender;
import io.gradwatch.console.routing.delivery.TargetLane;
import io.gradwatch.console.routing.feed.KafkaJournal;
import io.gradwatch.console.routing.feed.Origin;
import io.gradwatch.console.routing.feed.RouterFeed;
import io.gradwatch.console.routing.http.TargetClient;
import io.gradwatch.console.routing.targets.HttpSender;
import io.gradwatch.console.routing.targets.TargetFormat;
import io.gradwatch.console.routing.targets.TargetFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells targets of alarms until it is closed. Routers of one group share the alarms: two of them
 * are for when one is away, and page once.
 */
public final class Router implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final int MOST_ALARMS = 100_000;
  private static final long END_MILLIS = 30_000;

  private final RouterFeed feed;
  private final @Nullable KafkaJournal journal;
  private final List<TargetLane> lanes = new ArrayList<>();
  private final List<Thread> laneThreads = new ArrayList<>();
  private final List<TargetClient> clients = new ArrayList<>();
  private final RouterMetrics metrics;
  private final Thread feedThread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable RuntimeException failure;

  private Router(RouterConfig config, Map<String, Object> kafka, RouterOptions options) {
    RouterOptions.DryRun dryRun = options.dryRun();
    RoutingState state =
        new RoutingState(config, MOST_ALARMS, dryRun == null ? null : dryRun.passedOver());
    // A dry run is no member of the group: it would take alarms away from those who are.
    String group =
        dryRun == null ? options.group() : options.group() + "-dry-run-" + UUID.randomUUID();
    this.journal = dryRun == null ? new KafkaJournal(kafka) : null;
    JournalWriter writer = journal == null ? deliveries -> {} : journal;
    for (TargetConfig target : config.targets().values()) {
      lanes.add(
          new TargetLane(
              target,
              state,
              sender(target, config, options),
              writer,
              options.clock(),
              new Random()));
    }
    boolean complete = false;
    try {
      this.feed =
          new RouterFeed(
              new Origin(kafka, options.registry()),
              group,
              config.tags(),
              state,
              journal,
              options.clock());
      complete = true;
    } finally {
      if (!complete) {
        release();
      }
    }
    this.metrics = new RouterMetrics(lanes, state, feed, options.clock());
    this.feedThread = new Thread(this::read, "gradwatch-router");
    for (TargetLane lane : lanes) {
      laneThreads.add(new Thread(() -> tell(lane), "gradwatch-target-" + lane.target().name()));
    }
  }

  /**
   * Starts one.
   *
   * @param kafka how to reach Kafka: settings of its clients
   * @throws IllegalStateException when a topic is not there
   */
  public static Router start(
      RouterConfig config, Map<String, Object> kafka, RouterOptions options) {
    Router router = new Router(config, kafka, options);
    router.laneThreads.forEach(thread -> thread.setDaemon(true));
    router.laneThreads.forEach(Thread::start);
    router.feedThread.setDaemon(true);
    router.feedThread.start();
    return router;
  }

  /** What became of alarms, as Prometheus' text. */
  public String metrics() {
    return metrics.text();
  }

  /**
   * Waits until it ends.
   *
   * @throws RuntimeException what ended it, unless it was closed
   */
  public void await() throws InterruptedException {
    ended.await();
    RuntimeException reason = failure;
    if (reason != null) {
      throw reason;
    }
  }

  /** Ends requests that are under way, then leaves the group. */
  @Override
  public void close() {
    feed.close();
    try {
      feedThread.join(END_MILLIS);
      laneThreads.forEach(Thread::interrupt);
      for (Thread thread : laneThreads) {
        thread.join(END_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }

  private Sender sender(TargetConfig target, RouterConfig config, RouterOptions options) {
    TargetFormat format = TargetFormats.of(target, config);
    RouterOptions.DryRun dryRun = options.dryRun();
    if (dryRun != null) {
      return new DryRunSender(target, format, dryRun.lines(), options.clock());
    }
    TargetClient client =
        new TargetClient(target.address(), options.resolver(), options.patience(), options.clock());
    clients.add(client);
    return new HttpSender(format, client, options.clock());
  }

  private void release() {
    clients.forEach(TargetClient::close);
    if (journal != null) {
      journal.close();
    }
  }

  /** A target that nobody tells any more ends the router, as somebody has to notice. */
  private void tell(TargetLane lane) {
    try {
      lane.run();
    } catch (RuntimeException e) {
      TargetConfig target = lane.target();
      // A reason may quote what was to be sent, and with it a secret.
      RuntimeException reason =
          new IllegalStateException(
              "cannot tell target " + target.name() + ": " + target.redacted(e.toString()));
      reason.setStackTrace(e.getStackTrace());
      LOG.error("the router ends", reason);
      failure = reason;
    } finally {
      ended.countDown();
    }
  }

  private void read() {
    try {
      feed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the router ends", e);
      failure = e;
    } finally {
      ended.countDown();
    }
  }
}

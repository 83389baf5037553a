package io.gradwatch.console.server;

import io.gradwatch.console.api.FeedEvent;
import io.gradwatch.console.feed.FeedStatus;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.RunKey;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events. Each listener has a thread of its own, so that one who reads slowly holds up
 * nobody else; there is a bound on listeners.
 */
final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  /** What all listeners together may take of one processor is one over this. */
  private static final int PART_OF_A_PROCESSOR = 2;

  private final Fleet fleet;
  private final Doorkeeper doorkeeper;
  private final Supplier<FeedStatus> feed;
  private final StreamLimits limits;
  private final AtomicInteger listeners = new AtomicInteger();
  private volatile boolean closed;

  Streams(Fleet fleet, Doorkeeper doorkeeper, Supplier<FeedStatus> feed, StreamLimits limits) {
    this.fleet = fleet;
    this.doorkeeper = doorkeeper;
    this.feed = feed;
    this.limits = limits;
  }

  /** Refuses one listener too many, before the stream begins. */
  void admit(Context context) {
    String accept = context.header("Accept");
    if (accept == null || !accept.contains("text/event-stream")) {
      throw RefusedException.notAcceptable(
          "Accept is " + accept + ", must name text/event-stream: this is a stream of events");
    }
    if (listeners.get() >= limits.mostListeners()) {
      throw RefusedException.unavailable(
          "there are "
              + limits.mostListeners()
              + " listeners already; close a page, or ask again later");
    }
    String run = Asked.text(context, "run");
    if (!run.isEmpty()) {
      Asked.runNamed(run);
    }
  }

  /** Begins to tell a listener. */
  void begin(SseClient client) {
    String run = client.ctx().queryParam("run");
    RunKey key = run == null || run.isEmpty() ? null : RunKey.ofPath(run);
    BooleanSupplier standing = doorkeeper.standing(client.ctx());
    // Follows on what is known now. The answer has begun already, so a listener may have read a
    // little less by then: what changed between the two it hears of with the next change.
    Follower follower = new Follower(fleet, key);
    if (listeners.incrementAndGet() > limits.mostListeners()) {
      // Several were admitted at once. This one hears on its next try that there are too many.
      listeners.decrementAndGet();
      client.close();
      return;
    }
    client.keepAlive();
    Thread thread = new Thread(() -> tell(client, follower, standing), "gradwatch-console-stream");
    thread.setDaemon(true);
    thread.start();
  }

  /** Listeners now. */
  int listeners() {
    return listeners.get();
  }

  void close() {
    closed = true;
  }

  /** Many listeners of a large fleet are told less often, so that the feed is not held up. */
  private Duration pause(Duration taken) {
    Duration share = taken.multipliedBy((long) listeners.get() * PART_OF_A_PROCESSOR);
    return share.compareTo(limits.interval()) > 0 ? share : limits.interval();
  }

  private void tell(SseClient client, Follower follower, BooleanSupplier standing) {
    try {
      int quiet = 0;
      @Nullable String failure = null;
      while (!closed && !client.terminated() && standing.getAsBoolean()) {
        long begun = System.nanoTime();
        boolean told = false;
        List<Follower.Message> messages = follower.next();
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        for (Follower.Message message : messages) {
          client.sendEvent(message.event(), Json.line(message.data()));
          told = true;
        }
        @Nullable String before = failure;
        failure = feed.get().failure();
        if (!Objects.equals(failure, before)) {
          client.sendEvent("feed", Json.line(new FeedEvent(failure)));
          told = true;
        }
        quiet = told ? 0 : quiet + 1;
        if (quiet >= limits.quietIntervals()) {
          client.sendComment("still here");
          quiet = 0;
        }
        Thread.sleep(pause(taken).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.debug("a listener went away", e);
    } finally {
      listeners.decrementAndGet();
      client.close();
    }
  }
}

package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.records.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one target, one message after the other. Keeps no queue: before each message it looks what
 * is due then. What a target does to it holds up no other.
 */
public final class TargetLane {
  private static final Logger LOG = LoggerFactory.getLogger(TargetLane.class);

  /** Longest time between two looks, for what becomes due by itself. */
  private static final long LOOK_MILLIS = 1_000;

  /** How long a message that the target does not take waits. */
  private static final long REJECTED_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final int MOST_REJECTED = 10_000;

  /** More than any message holds. */
  private static final int MOST_TOGETHER = 4_096;

  private record Rejected(int revision, Cause cause, long until) {}

  private final TargetConfig target;
  private final RoutingState state;
  private final Sender sender;
  private final JournalWriter writer;
  private final Clock clock;
  private final StormPlanner planner;
  private final TokenBucket bucket;
  private final Backoff backoff;
  private final TargetTally tally = new TargetTally();
  private final Map<String, Rejected> rejected = new HashMap<>();
  private final Map<String, Long> retoldAt = new HashMap<>();
  private long notBefore;
  private String lastReason = "";
  private int mostTogether = MOST_TOGETHER;

  /**
   * @param sender tells the target
   * @param writer keeps what it was told
   */
  public TargetLane(
      TargetConfig target,
      RoutingState state,
      Sender sender,
      JournalWriter writer,
      Clock clock,
      RandomGenerator random) {
    this.target = target;
    this.state = state;
    this.sender = sender;
    this.writer = writer;
    this.clock = clock;
    this.planner = new StormPlanner(target.type(), target.pace());
    this.bucket = new TokenBucket(target.pace().ratePerMinute(), clock.millis());
    this.backoff = new Backoff(random);
  }

  /** Tells the target until the thread is interrupted. */
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long wait = step();
        if (wait > 0) {
          state.awaitChange(wait);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What became of the requests. */
  public TargetTally tally() {
    return tally;
  }

  /** Whom it tells. */
  public TargetConfig target() {
    return target;
  }

  /**
   * Sends the next message, if one may go now.
   *
   * @return how long to wait before the next look, milliseconds
   */
  long step() {
    long now = clock.millis();
    long wait = Math.max(notBefore - now, bucket.waitMillis(now));
    if (wait > 0) {
      return Math.min(wait, LOOK_MILLIS);
    }
    Instant instant = Instant.ofEpochMilli(now);
    Dispatch dispatch =
        state.begin(
            target,
            notice -> isRejected(notice, now),
            id -> retoldAt.getOrDefault(id, 0L),
            due -> next(due, now),
            instant);
    if (dispatch == null) {
      return LOOK_MILLIS;
    }
    try {
      bucket.take();
      deal(dispatch, sender.send(dispatch));
    } finally {
      state.end(dispatch);
    }
    return 0;
  }

  private @Nullable Dispatch next(List<Notice> due, long now) {
    Dispatch dispatch = planner.next(due, now);
    return dispatch == null ? null : dispatch.first(mostTogether);
  }

  private void deal(Dispatch dispatch, Outcome outcome) {
    long now = clock.millis();
    tally.count(outcome, dispatch.notices().size(), now);
    if (outcome.isDelivered()) {
      delivered(dispatch, outcome, now);
      return;
    }
    if (outcome.kind() == Outcome.Kind.REJECTED) {
      reject(dispatch, now);
    } else {
      notBefore = now + backoff.failed(outcome);
    }
    String reason = target.redacted(outcome.reason());
    if (!reason.equals(lastReason)) {
      lastReason = reason;
      LOG.warn("target {} was not told: {}", target.name(), reason);
    }
  }

  private void delivered(Dispatch dispatch, Outcome outcome, long now) {
    List<Delivery> deliveries =
        dispatch.notices().stream()
            .filter(notice -> notice.cause() != Cause.STILL_OPEN)
            .map(notice -> notice.delivery(target.name(), outcome.reference(), now))
            .toList();
    state.told(deliveries);
    if (!deliveries.isEmpty()) {
      writer.write(deliveries);
    }
    if (target.type().isRetold()) {
      dispatch.notices().forEach(notice -> retold(notice, now));
    }
    dispatch.notices().forEach(notice -> rejected.remove(notice.alarm().id()));
    if (!lastReason.isEmpty()) {
      LOG.info("target {} takes alarms again", target.name());
      lastReason = "";
    }
    backoff.reset();
    mostTogether = Math.min(MOST_TOGETHER, 2 * mostTogether);
  }

  private void retold(Notice notice, long now) {
    if (notice.cause().isEnd()) {
      retoldAt.remove(notice.alarm().id());
    } else {
      retoldAt.put(notice.alarm().id(), now);
    }
  }

  /** Of several, one may be what is not taken: half of them go next, until it is alone. */
  private void reject(Dispatch dispatch, long now) {
    if (dispatch.notices().size() > 1) {
      mostTogether = dispatch.notices().size() / 2;
      return;
    }
    if (rejected.size() >= MOST_REJECTED) {
      rejected.clear();
    }
    Notice notice = dispatch.first();
    rejected.put(
        notice.alarm().id(),
        new Rejected(notice.record().getRevision(), notice.cause(), now + REJECTED_MILLIS));
  }

  private boolean isRejected(Notice notice, long now) {
    @Nullable Rejected before = rejected.get(notice.alarm().id());
    return before != null
        && before.revision() == notice.record().getRevision()
        && before.cause() == notice.cause()
        && now < before.until();
  }
}

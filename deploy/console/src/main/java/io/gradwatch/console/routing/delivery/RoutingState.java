package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.model.Remarks;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.Silence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a router knows. One thread reads Kafka and fills it; one thread a target asks it
 * what to tell next. Safe for use by all of them: each call is one look under one lock.
 */
public final class RoutingState {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final RouterConfig config;
  private final AlarmRoster roster;
  private final Journal journal = new Journal();
  private final Remarks remarks = new Remarks();
  private final RunTags runTags = new RunTags();
  private final Reconciler reconciler;
  private final Set<TopicPartition> ready = new HashSet<>();
  private final UnderWay underWay = new UnderWay();
  private final @Nullable LongConsumer passedOver;

  /** Ids of the alarms that it holds of which somebody was told. */
  private final Set<String> told = new HashSet<>();

  private long changes;

  /**
   * @param config the rules
   * @param mostAlarms alarms it holds; beyond that the oldest go
   */
  public RoutingState(RouterConfig config, int mostAlarms) {
    this(config, mostAlarms, null);
  }

  /**
   * The same for somebody who wants to know why nothing is told.
   *
   * @param passedOver takes at each {@link #settle} that finds some how many alarms that a route
   *     takes were over before anybody was told of them; null: nobody asks
   */
  public RoutingState(RouterConfig config, int mostAlarms, @Nullable LongConsumer passedOver) {
    this.passedOver = passedOver;
    this.config = config;
    this.roster = new AlarmRoster(mostAlarms);
    this.reconciler =
        new Reconciler(new RuleBook(config), journal, remarks, runTags, config.staleAfter());
  }

  /** An alarm was read. */
  public synchronized void take(RoutedAlarm alarm) {
    roster.take(alarm);
    changed();
  }

  /** A silence was read. */
  public synchronized void take(Silence silence) {
    remarks.take(silence);
    changed();
  }

  /** A silence was deleted. */
  public synchronized void forgetSilence(String id) {
    remarks.forgetSilence(id);
    changed();
  }

  /** An acknowledgement was read. */
  public synchronized void take(Acknowledgement acknowledgement) {
    remarks.take(acknowledgement);
    changed();
  }

  /** An acknowledgement was deleted. */
  public synchronized void forgetAcknowledgement(String alarm) {
    remarks.forgetAcknowledgement(alarm);
    changed();
  }

  /** Owner and tags of a run were read. */
  public synchronized void take(String project, String run, RunStarted started) {
    runTags.take(project, run, started);
  }

  /**
   * A line of the journal was read. Of alarms that this router looks after, it knows what it wrote
   * before it reads it.
   */
  public synchronized void take(Delivery delivery) {
    if (!looksAfter(delivery.getAlarmId())) {
      journal.put(delivery);
    }
  }

  /** A line of the journal was deleted. */
  public synchronized void forgetDelivery(String target, String alarm) {
    if (!looksAfter(alarm)) {
      journal.remove(target, alarm);
    }
  }

  /** All there is to know of some partitions has been read: their alarms may be told. */
  public synchronized void ready(Collection<TopicPartition> partitions) {
    ready.addAll(partitions);
    changed();
  }

  /**
   * Somebody else looks after some partitions now. Waits for requests that are under way, as the
   * other router is to know what became of them.
   *
   * @param patienceMillis longest wait; then a target may be told twice
   */
  public synchronized void forget(Set<TopicPartition> partitions, long patienceMillis) {
    ready.removeAll(partitions);
    long end = System.nanoTime() + patienceMillis * NANOS_PER_MILLI;
    try {
      while (partitions.stream().anyMatch(underWay::holds)) {
        long left = (end - System.nanoTime()) / NANOS_PER_MILLI;
        if (left <= 0) {
          break;
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    roster.forget(partitions);
  }

  /**
   * The next message for a target, which is under way from now on until {@link #end}.
   *
   * @param held whether a notice has to wait
   * @param retoldAt when the target was last told of an alarm, by its id
   * @param planner chooses among all that is due
   */
  @Nullable
  synchronized Dispatch begin(
      TargetConfig target,
      Function<Notice, Boolean> held,
      ToLongFunction<String> retoldAt,
      Function<List<Notice>, @Nullable Dispatch> planner,
      Instant now) {
    List<Notice> due = new ArrayList<>();
    for (RoutedAlarm alarm : roster.all()) {
      Notice notice =
          ready.contains(alarm.partition()) ? reconciler.due(target, alarm, retoldAt, now) : null;
      if (notice != null && !held.apply(notice)) {
        due.add(notice);
      }
    }
    Dispatch dispatch = planner.apply(due);
    if (dispatch != null) {
      underWay.begin(dispatch);
    }
    return dispatch;
  }

  /** The target took it. */
  synchronized void told(List<Delivery> deliveries) {
    deliveries.forEach(journal::put);
    deliveries.forEach(delivery -> told.add(delivery.getAlarmId()));
  }

  /** A message is no longer under way. */
  synchronized void end(Dispatch dispatch) {
    underWay.end(dispatch);
    changed();
  }

  /** Waits until something changes, or for so long. */
  synchronized void awaitChange(long millis) throws InterruptedException {
    long seen = changes;
    long end = System.nanoTime() + millis * NANOS_PER_MILLI;
    for (long left = millis; changes == seen && left > 0; ) {
      wait(left);
      left = (end - System.nanoTime()) / NANOS_PER_MILLI;
    }
  }

  /**
   * What is due at a target and was not told, however long it may have to wait.
   *
   * @return first what is due for longest
   */
  public synchronized List<Pending> pending(TargetConfig target, Instant now) {
    List<Pending> pending = new ArrayList<>();
    for (RoutedAlarm alarm : roster.all()) {
      Notice notice =
          ready.contains(alarm.partition())
              ? reconciler.due(target, alarm, id -> now.toEpochMilli(), now)
              : null;
      if (notice != null && notice.cause() != Cause.STILL_OPEN) {
        pending.add(new Pending(alarm, reconciler.dueSince(target, notice, now)));
      }
    }
    pending.sort(Comparator.comparingLong(Pending::since));
    return pending;
  }

  /**
   * Up to where everything was told: for each partition the first offset of what was not. One
   * without is told to its end.
   */
  public synchronized Map<TopicPartition, Long> untold(Instant now) {
    Map<TopicPartition, Long> first = new HashMap<>();
    for (TargetConfig target : config.targets().values()) {
      for (Pending pending : pending(target, now)) {
        first.merge(pending.alarm().partition(), pending.alarm().offset(), Math::min);
      }
    }
    return first;
  }

  /** Lets go of alarms that are over and of whose end everybody was told who has to be. */
  public void settle(Instant now) {
    long over = letGo(now);
    if (passedOver != null && over > 0) {
      passedOver.accept(over);
    }
  }

  /** How many of those that went a route takes, and nobody was told of. */
  private synchronized long letGo(Instant now) {
    List<RoutedAlarm> gone = new ArrayList<>();
    roster.settle(
        alarm -> {
          boolean goes = isOver(alarm);
          if (goes) {
            gone.add(alarm);
          }
          return goes;
        });
    long over =
        passedOver == null
            ? 0
            : gone.stream()
                .filter(alarm -> !told.contains(alarm.id()) && reconciler.isRouted(alarm, now))
                .count();
    told.removeIf(id -> roster.get(id) == null);
    return over;
  }

  private boolean isOver(RoutedAlarm alarm) {
    return alarm.isResolved()
        && ready.contains(alarm.partition())
        && !underWay.holds(alarm.id())
        && config.targets().keySet().stream()
            .allMatch(target -> journal.get(target, alarm.id()) == null);
  }

  /** Alarms that there was no room for. */
  public synchronized long evicted() {
    return roster.evicted();
  }

  private synchronized void changed() {
    changes++;
    notifyAll();
  }

  private boolean looksAfter(String alarm) {
    RoutedAlarm known = roster.get(alarm);
    return known != null && ready.contains(known.partition());
  }
}

package io.gradwatch.agent.tail;

import io.gradwatch.schemas.RunIds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Follows the logs of runs and publishes what they say, at least once each: positions are kept once
 * Kafka has everything before them. It looks at the files every so often; what did not change costs
 * a question to the file system.
 */
public final class Tail {
  /** Longest wait for the last acknowledgement once the tail is to end. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  /** Looks between two searches for new runs. */
  private static final int LOOKS_PER_SEARCH = 5;

  /** Looks without anything new after which a run counts as quiet, and is looked at less often. */
  private static final int QUIET_LOOKS = 60;

  private static final int LOOKS_PER_QUIET_LOOK = 10;

  /** Runs up to which all logs stay open between looks. */
  private static final int MOST_OPEN = 256;

  private static final long SETTLE_MILLIS = 20;

  private static final class Followed {
    private final RunTail tail;
    private int looksWithoutNews;

    Followed(RunTail tail) {
      this.tail = tail;
    }
  }

  private final LogSource source;
  private final EventSink sink;
  private final PositionStore store;
  private final TailListener listener;
  private final Duration interval;
  private final int leastAttempt;
  private final Outlet outlet;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<String, Followed> runs = new LinkedHashMap<>();
  private final Map<String, Path> paths = new LinkedHashMap<>();
  private final Map<String, RunPosition> kept = new TreeMap<>();
  private long looks;

  /**
   * @param interval from the end of a look to the next
   * @param leastAttempt attempt of runs that are not known yet, and of known ones in a lower one
   */
  public Tail(
      LogSource source,
      EventSink sink,
      PositionStore store,
      TailListener listener,
      Duration interval,
      int leastAttempt) {
    this(source, sink, store, listener, interval, leastAttempt, System::currentTimeMillis);
  }

  Tail(
      LogSource source,
      EventSink sink,
      PositionStore store,
      TailListener listener,
      Duration interval,
      int leastAttempt,
      LongSupplier clock) {
    this.source = source;
    this.sink = sink;
    this.store = store;
    this.listener = listener;
    this.interval = interval;
    this.leastAttempt = leastAttempt;
    this.outlet =
        new Outlet(sink::publish, new SparseNotes(listener::note, System::nanoTime), clock);
  }

  /** Publishes what is there and ends; closes the sink. */
  public TailSummary once() throws IOException, InterruptedException {
    return run(true);
  }

  /** Publishes what is there and what comes, until {@link #stop}; closes the sink. */
  public TailSummary follow() throws IOException, InterruptedException {
    return run(false);
  }

  /** Lets the tail end soon; any thread may say so. */
  public void stop() {
    stopped.countDown();
  }

  private TailSummary run(boolean once) throws IOException, InterruptedException {
    begin();
    boolean complete = false;
    try {
      do {
        look(once);
      } while (!once && !stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } finally {
      sink.close(CLOSE_PATIENCE);
      complete = keepIfSettled();
      letGo();
    }
    TailSummary summary = summary(complete);
    listener.finished(summary);
    return summary;
  }

  /** Learns what was published before. */
  void begin() throws IOException {
    kept.putAll(store.load());
  }

  /** Closes the logs. */
  void letGo() throws IOException {
    for (Followed run : runs.values()) {
      run.tail.close();
    }
  }

  /** Publishes what came since the last look; {@code once}: there is no other. */
  void look(boolean once) throws IOException, InterruptedException {
    if (runs.isEmpty() || looks % LOOKS_PER_SEARCH == 0) {
      search();
    }
    boolean more = true;
    while (more && !isStopped()) {
      more = false;
      for (Followed run : runs.values()) {
        more |= isDue(run) && look(run, false);
      }
      settle();
      listener.looked(summary(true));
    }
    if (once && !isStopped()) {
      for (Followed run : runs.values()) {
        look(run, true);
      }
      settle();
    }
    looks++;
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private boolean isDue(Followed run) {
    return run.looksWithoutNews < QUIET_LOOKS || looks % LOOKS_PER_QUIET_LOOK == 0;
  }

  /** Looks at one run's log; whatever is the matter with it, the others go on. */
  private boolean look(Followed run, boolean last) throws IOException {
    long before = outlet.published();
    try {
      boolean more = run.tail.look(last);
      run.looksWithoutNews = outlet.published() == before ? run.looksWithoutNews + 1 : 0;
      if (run.looksWithoutNews == QUIET_LOOKS || runs.size() > MOST_OPEN) {
        run.tail.close();
      }
      return more;
    } catch (IOException e) {
      outlet.bad(run.tail.runId(), "run " + run.tail.runId() + ": " + e);
      run.tail.close();
      return false;
    }
  }

  private void search() throws IOException {
    for (LogSource.Found found : source.find()) {
      Path other = paths.get(found.runId());
      if (other == null) {
        follow(found);
      } else if (!other.equals(found.path())) {
        outlet.note(
            found.path().toString(),
            "passed over %s: its run id would be '%s', as that of %s"
                .formatted(found.path(), found.runId(), other));
      }
    }
  }

  private void follow(LogSource.Found found) throws IOException {
    paths.put(found.runId(), found.path());
    try {
      RunIds.check(found.runId());
    } catch (IllegalArgumentException e) {
      outlet.note(
          found.path().toString(), "passed over %s: %s".formatted(found.path(), e.getMessage()));
      return;
    }
    RunPosition position = kept.getOrDefault(found.runId(), RunPosition.START);
    RunTail tail = source.follow(found, position.inAttempt(leastAttempt), outlet);
    runs.put(found.runId(), new Followed(tail));
  }

  /** Waits until what was published has arrived, and keeps the positions then. */
  private void settle() throws IOException, InterruptedException {
    while (!sink.isSettled()) {
      if (sink.lost() > 0) {
        throw new EventsLostException(sink.lost());
      }
      if (stopped.await(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
        return; // closing the sink waits for the rest
      }
    }
    keep();
  }

  private boolean keepIfSettled() throws IOException {
    if (!sink.isSettled()) {
      return false;
    }
    keep();
    return true;
  }

  private void keep() throws IOException {
    boolean changed = false;
    for (Map.Entry<String, Followed> run : runs.entrySet()) {
      RunPosition position = run.getValue().tail.position();
      changed |= !position.equals(kept.put(run.getKey(), position));
    }
    if (changed) {
      store.save(kept);
    }
  }

  TailSummary summary(boolean complete) {
    return new TailSummary(
        runs.size(), outlet.steps(), outlet.published(), outlet.badLines(), complete);
  }
}

package io.gradwatch.agent.tail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A tail that a test moves on look by look, and restarts. */
public final class Tailing implements AutoCloseable {
  private final LogSource source;
  private final Path positions;
  private final KeptEvents events = new KeptEvents();
  private final List<String> notes = new ArrayList<>();
  private long clock = 1_000;
  private PositionStore store;
  private Tail tail;

  public Tailing(LogSource source, Path positions) throws IOException {
    this.source = source;
    this.positions = positions;
    start(0);
  }

  public KeptEvents events() {
    return events;
  }

  public List<String> notes() {
    return notes;
  }

  /** One look, after which everything has arrived. */
  public Tailing look() throws Exception {
    tail.look(false);
    return this;
  }

  /** The last look. */
  public Tailing lookLast() throws Exception {
    tail.look(true);
    return this;
  }

  public void passMillis(long millis) {
    clock += millis;
  }

  /** As if the process had been killed, and another started. */
  public Tailing restart() throws Exception {
    return restart(0);
  }

  Tailing restart(int attempt) throws Exception {
    close();
    start(attempt);
    return this;
  }

  TailSummary summary() {
    return tail.summary(true);
  }

  private void start(int attempt) throws IOException {
    store = PositionStore.open(positions);
    TailListener listener =
        new TailListener() {
          @Override
          public void note(String text) {
            notes.add(text);
          }
        };
    tail = new Tail(source, events, store, listener, Duration.ofMillis(1), attempt, () -> clock);
    tail.begin();
  }

  @Override
  public void close() throws IOException {
    tail.letGo();
    store.close();
  }
}

package io.gradwatch.core.monitor;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that came before their turn: an observation after a gap waits for the steps between, and
 * what is told of that step or a later one waits with it. Once more than {@link #MOST} would wait,
 * the gap is taken for real. Empty for nearly all runs nearly always.
 */
final class ReorderBuffer implements State {
  /** Events that wait at most. */
  static final int MOST = 8;

  private final Pace pace = new Pace();

  /** In the order of their steps; of one step its observation first, the others as they came. */
  private final List<RunEvent> events = new ArrayList<>(0);

  @Override
  public void fields(StateCodec codec) {
    pace.fields(codec);
    int size = codec.i32(events.size());
    for (int i = 0; i < size; i++) {
      if (i == events.size()) {
        events.add(EventCodec.NONE);
      }
      events.set(i, EventCodec.walk(codec, events.get(i)));
    }
  }

  /**
   * Learns the distance from the observation before.
   *
   * @param distance in steps, within one attempt
   */
  void learn(long distance) {
    pace.learn(distance);
  }

  /**
   * True for an event whose turn it is not.
   *
   * @param nextStep one more than the newest step taken in this attempt; 0 before its first
   */
  boolean mustWait(RunEvent event, long nextStep) {
    if (event.body() instanceof Observation) {
      return comesTooSoon(event, nextStep);
    }
    boolean matters = !(event.body() instanceof RunEvent.Heartbeat);
    return matters && !events.isEmpty() && event.step() >= events.get(0).step();
  }

  private boolean comesTooSoon(RunEvent event, long nextStep) {
    return nextStep > 0 && pace.isGap(event.step() + 1 - nextStep);
  }

  /** True for an observation that others have waited for. */
  boolean comesLate(RunEvent event) {
    return !events.isEmpty()
        && event.body() instanceof Observation
        && event.step() < events.get(0).step();
  }

  /** Lets an event wait. */
  void add(RunEvent event) {
    int at = events.size();
    while (at > 0 && isBefore(event, events.get(at - 1))) {
      at--;
    }
    events.add(at, event);
  }

  private static boolean isBefore(RunEvent event, RunEvent other) {
    return event.step() == other.step()
        ? event.body() instanceof Observation && !(other.body() instanceof Observation)
        : event.step() < other.step();
  }

  /**
   * Takes out the next event whose turn it is; null when there is none.
   *
   * @param nextStep one more than the newest step taken in this attempt
   */
  @Nullable RunEvent poll(long nextStep) {
    if (events.isEmpty()) {
      return null;
    }
    RunEvent first = events.get(0);
    boolean waits =
        first.body() instanceof Observation
            ? comesTooSoon(first, nextStep)
            : first.step() >= nextStep;
    return waits && events.size() <= MOST ? null : events.remove(0);
  }

  /** Takes out the next event, be it its turn or not; null when there is none. */
  @Nullable RunEvent flush() {
    return events.isEmpty() ? null : events.remove(0);
  }
}

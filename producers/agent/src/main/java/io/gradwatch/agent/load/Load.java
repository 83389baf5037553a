package io.gradwatch.agent.load;

import io.gradwatch.agent.Pace;
import io.gradwatch.agent.PlayListener;
import io.gradwatch.agent.PlaySummary;
import io.gradwatch.agent.Player;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Publishes the events of a fleet at a fixed rate, whatever becomes of them: an open loop. What is
 * late is sent at once, so that a stall shows in everything it held up. An interrupt ends it; the
 * runs are told to have been cancelled then.
 */
public final class Load {
  private final LoadPlan plan;
  private final List<RecordedRun> runs;

  /**
   * Gets it ready.
   *
   * @param startMillis when the first step is emitted, in ms since 1970
   */
  public Load(LoadPlan plan, long startMillis) throws IOException {
    this.plan = plan;
    this.runs = plan.open(startMillis);
  }

  /** How many runs have which fault; every fault has an entry. */
  public Map<Fault, Integer> faults() {
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      faults.put(fault, 0);
    }
    for (RecordedRun run : runs) {
      if (run instanceof LoadRun load) {
        faults.merge(load.fault(), 1, Integer::sum);
      }
    }
    return faults;
  }

  /** A share, in two digits and at most 1, by which at least one of these runs has a fault. */
  public double shareOfOneFault() {
    double least = 1;
    for (RecordedRun run : runs) {
      if (run instanceof LoadRun load) {
        least = Math.min(least, load.faultyAbove());
      }
    }
    return new BigDecimal(Math.nextUp(least))
        .round(new MathContext(2, RoundingMode.UP))
        .doubleValue();
  }

  /** Publishes it all, once. Closing the publisher is the caller's. */
  public PlaySummary run(EventPublisher publisher, PlayListener listener) throws IOException {
    return new Player(publisher, Pace.stepsPerSecondInAll(plan.stepsPerSecond()), listener, true)
        .play(runs);
  }
}

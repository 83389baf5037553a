package io.gradwatch.core.monitor;

import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.RunEvent;

/**
 * One run's detectors and clip advisor composed: the only door that jobs, backtest and pipe use.
 * Holds no state of a run, so that one monitor serves any number of runs; not safe for use by
 * several threads at once.
 */
public final class RunMonitor {
  private final Policy policy;
  private final Findings findings = new Findings();

  public RunMonitor(Policy policy) {
    this.policy = policy;
  }

  /** The policy this monitor judges by. */
  public Policy policy() {
    return policy;
  }

  /**
   * Takes the next event of a run.
   *
   * @param state what is remembered of the run; changed in place
   * @param event the next event of that run in the order of its topic
   * @return what it led to, valid until the next call
   */
  public Findings accept(RunState state, RunEvent event) {
    findings.clear();
    state.stepsSeen++;
    return findings;
  }
}

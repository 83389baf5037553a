package io.gradwatch.core.monitor;

import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.RunPolicy;
import io.gradwatch.core.signal.RunEvent;

/**
 * Watches one run under the policies of a book: its monitor is always that of the policy in effect.
 * What is remembered of the run stays when the policy changes. Not safe for use by several threads
 * at once.
 */
public final class RunWatch {
  private final RunPolicy policy;
  private final RunState state = new RunState();
  private RunMonitor monitor;

  public RunWatch(PolicyBook policies, String project, String runId) {
    this.policy = new RunPolicy(policies, project, runId);
    this.monitor = new RunMonitor(policy.at(Long.MIN_VALUE));
  }

  /**
   * Takes the next event of the run.
   *
   * @return what it led to, valid until the next call
   */
  public Findings accept(RunEvent event) {
    Policy now = policy.at(event.emittedAt());
    if (!monitor.policy().equals(now)) {
      monitor = new RunMonitor(now);
    }
    return monitor.accept(state, event);
  }
}

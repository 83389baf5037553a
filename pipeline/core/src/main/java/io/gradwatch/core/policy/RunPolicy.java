package io.gradwatch.core.policy;

/**
 * The policy of one run as its events pass. A document takes effect at the first event emitted at
 * or after its time and stays in effect, also for events that tell an earlier time. Not safe for
 * use by several threads at once.
 */
public final class RunPolicy {
  private final PolicyBook book;
  private final String project;
  private final String runId;
  private long newest = Long.MIN_VALUE;
  private PolicyBook.InEffect inEffect;

  public RunPolicy(PolicyBook book, String project, String runId) {
    this.book = book;
    this.project = project;
    this.runId = runId;
    this.inEffect = book.inEffect(project, runId, newest);
  }

  /**
   * The policy at the run's next event: the same object until another takes effect.
   *
   * @param emittedAt time of the event, in milliseconds since 1970
   */
  public Policy at(long emittedAt) {
    newest = Math.max(newest, emittedAt);
    if (newest >= inEffect.until()) {
      inEffect = book.inEffect(project, runId, newest);
    }
    return inEffect.policy();
  }
}

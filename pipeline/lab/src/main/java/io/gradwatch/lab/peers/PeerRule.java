package io.gradwatch.lab.peers;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import org.jspecify.annotations.Nullable;

/** A rule in use elsewhere, with the state of one run, asked after every step. */
public interface PeerRule {

  /**
   * Takes the next step of the run. A value that was not reported is passed over.
   *
   * @return what the rule says of this step; null when it says nothing
   */
  @Nullable Verdict observe(Observation observation);

  /** What a rule says of a step. */
  record Verdict(AlarmKind kind, Severity severity) {
    /** The loss or its gradient is no number. */
    static final Verdict NON_FINITE = page(AlarmKind.NON_FINITE);

    /** The loss is not what it should be. */
    static final Verdict LOSS = page(AlarmKind.DIVERGENCE);

    /** The gradient is not what it should be. */
    static final Verdict GRADIENT = page(AlarmKind.EXPLODING_GRADIENT);

    /** The rules know one answer only: stop, skip, rerun. As an alarm that is a page. */
    private static Verdict page(AlarmKind kind) {
      return new Verdict(kind, Severity.CRITICAL);
    }
  }
}

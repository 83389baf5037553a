package io.gradwatch.backtest.compare;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import org.jspecify.annotations.Nullable;

/**
 * An alarm that two policies do not raise alike.
 *
 * @param run the run
 * @param kind what was seen
 * @param severity the severity reached
 * @param stepInA the step at which the first policy raises it; null when it does not
 * @param stepInB the step at which the second one does; null when it does not
 */
public record AlarmChange(
    String run, AlarmKind kind, Severity severity, @Nullable Long stepInA, @Nullable Long stepInB) {

  /** The earlier of the two steps. */
  long firstStep() {
    long a = stepInA == null ? Long.MAX_VALUE : stepInA;
    long b = stepInB == null ? Long.MAX_VALUE : stepInB;
    return Math.min(a, b);
  }
}

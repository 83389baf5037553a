package io.gradwatch.console.routing.config;

import java.time.Duration;
import java.util.List;

/**
 * Who is told of an alarm that nobody looks after.
 *
 * @param after how long after it was due
 * @param to names of targets
 */
public record EscalationStep(Duration after, List<String> to) {
  public EscalationStep {
    to = List.copyOf(to);
  }
}

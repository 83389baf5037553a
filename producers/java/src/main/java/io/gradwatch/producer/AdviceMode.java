package io.gradwatch.producer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a trainer's environment allows to be done with advice. */
enum AdviceMode {
  FOLLOW,
  /** Read and counted only. */
  SHADOW,
  OFF;

  private static final Logger LOG = LoggerFactory.getLogger(Advisor.class);

  /**
   * Reads the environment's variable. What is not known is off: somebody who pulls a kill switch
   * and misspells it must not be disobeyed.
   */
  static AdviceMode of(@Nullable String variable) {
    switch (variable == null ? "" : variable.strip().toLowerCase(Locale.ROOT)) {
      case "", "on" -> {
        return FOLLOW;
      }
      case "shadow" -> {
        return SHADOW;
      }
      case "off" -> {
        return OFF;
      }
      default -> {
        LOG.warn(
            "{} is '{}', must be on, shadow or off; advice is off", Advisor.KILL_SWITCH, variable);
        return OFF;
      }
    }
  }
}

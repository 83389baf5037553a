package io.gradwatch.console.api;

/** How much a run needs a person, the most first. */
public enum RunState {
  /** A critical alarm is open that nobody silenced. */
  CRITICAL,
  /** It stopped reporting without having ended. */
  SILENT,
  /** A warning is open that nobody silenced. */
  WATCH,
  /** Nothing is open but what is for the record, or silenced. */
  HEALTHY,
  /** It has ended. */
  ENDED
}

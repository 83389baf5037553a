package io.gradwatch.jobs.functions;

/**
 * A run over all projects.
 *
 * @param key of its state: the project, a slash and the run's id, see {@link MonitorFunction#keyOf}
 */
record RunName(String project, String runId, String key) {
  /** The run of that key. */
  static RunName of(String key) {
    int slash = key.indexOf('/');
    return new RunName(key.substring(0, slash), key.substring(slash + 1), key);
  }
}

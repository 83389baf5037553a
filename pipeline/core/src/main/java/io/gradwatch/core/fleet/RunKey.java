package io.gradwatch.core.fleet;

import java.util.Comparator;

/** Identity of a run over all projects. */
record RunKey(String project, String runId) implements Comparable<RunKey> {
  private static final Comparator<RunKey> ORDER =
      Comparator.comparing(RunKey::project).thenComparing(RunKey::runId);

  @Override
  public int compareTo(RunKey other) {
    return ORDER.compare(this, other);
  }
}

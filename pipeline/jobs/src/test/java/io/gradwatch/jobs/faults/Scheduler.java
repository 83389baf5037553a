package io.gradwatch.jobs.faults;

/** Which of Flink's schedulers a cluster has. */
enum Scheduler {
  /** Restarts at a fixed parallelism; a job is rescaled by a savepoint. */
  DEFAULT("default"),

  /** Restarts with the slots there are; a job is rescaled while it runs. */
  ADAPTIVE("adaptive");

  /** Value of {@code jobmanager.scheduler}. */
  final String setting;

  Scheduler(String setting) {
    this.setting = setting;
  }
}

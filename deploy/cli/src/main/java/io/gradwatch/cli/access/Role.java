package io.gradwatch.cli.access;

/** A part that a principal plays. */
public enum Role {
  /** The trainings of a project: their publisher and their advisor. */
  TRAINER,
  /** The Flink job. */
  JOB,
  /** The console, and who looks without it, as with {@code gradwatch tail}. */
  CONSOLE,
  /** The router of alarms. */
  ROUTER,
  /** Who sets policies, sends dead letters once more and creates topics. */
  OPERATOR
}

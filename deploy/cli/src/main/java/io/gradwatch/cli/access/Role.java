package io.gradwatch.cli.access;

/** A part that a principal plays. */
public enum Role {
  /** The trainings of a project: their publisher and their advisor. */
  TRAINER,
  /** The Flink job. */
  JOB,
  /** Who only looks: a console, a person with {@code gradwatch tail}. */
  CONSOLE,
  /** Who sets policies, sends dead letters once more and creates topics. */
  OPERATOR
}

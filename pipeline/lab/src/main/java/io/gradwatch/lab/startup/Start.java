package io.gradwatch.lab.startup;

/** What is started. */
enum Start {
  /** {@code gradwatch pipe}, until its first answer. */
  PIPE,

  /** {@code gradwatch backtest} on one thread, to its end. */
  BACKTEST,

  /** {@code gradwatch demo}, until its first alarm. */
  DEMO
}

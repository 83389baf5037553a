package io.gradwatch.backtest;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunStatistics;
import java.util.List;

/** Takes what a backtest finds, run by run, within a run in the order in which it came about. */
public interface FindingsConsumer {
  /** Every revision of every alarm. */
  default void alarm(Alarm alarm) {}

  /** New clip advice. */
  default void recommendation(Recommendation recommendation) {}

  /** Statistics that were due. */
  default void statistics(RunStatistics statistics) {}

  /** An event that the job would have put into the dead letters. */
  default void refused(Refusal refusal) {}

  /** A file has been read to its end, or as far as it could be read. */
  default void finished(RunReport report) {}

  /** Hands everything to each of the consumers in turn. */
  static FindingsConsumer all(FindingsConsumer... consumers) {
    List<FindingsConsumer> each = List.of(consumers);
    return new FindingsConsumer() {
      @Override
      public void alarm(Alarm alarm) {
        each.forEach(consumer -> consumer.alarm(alarm));
      }

      @Override
      public void recommendation(Recommendation recommendation) {
        each.forEach(consumer -> consumer.recommendation(recommendation));
      }

      @Override
      public void statistics(RunStatistics statistics) {
        each.forEach(consumer -> consumer.statistics(statistics));
      }

      @Override
      public void refused(Refusal refusal) {
        each.forEach(consumer -> consumer.refused(refusal));
      }

      @Override
      public void finished(RunReport report) {
        each.forEach(consumer -> consumer.finished(report));
      }
    };
  }
}

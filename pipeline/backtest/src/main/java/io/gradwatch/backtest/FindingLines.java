package io.gradwatch.backtest;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.wire.RecordMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes findings as lines of JSON ({@link RecordLines}), each kind to a writer of its own: alarms
 * only where they are news (opening, rise of severity), advice and statistics all.
 */
public final class FindingLines implements FindingsConsumer {
  private final @Nullable Writer alarms;
  private final @Nullable Writer recommendations;
  private final @Nullable Writer statistics;
  private final NewAlarms newAlarms = new NewAlarms();

  /** A kind without a writer is left out. Writers are neither flushed nor closed. */
  public FindingLines(
      @Nullable Writer alarms, @Nullable Writer recommendations, @Nullable Writer statistics) {
    this.alarms = alarms;
    this.recommendations = recommendations;
    this.statistics = statistics;
  }

  @Override
  public void alarm(Alarm alarm) {
    if (alarms != null && newAlarms.isNew(alarm.id(), alarm.state(), alarm.severity())) {
      write(alarms, RecordMapper.toRecord(alarm));
    }
  }

  @Override
  public void recommendation(Recommendation recommendation) {
    if (recommendations != null) {
      write(recommendations, RecordMapper.toRecord(recommendation));
    }
  }

  @Override
  public void statistics(RunStatistics record) {
    if (statistics != null) {
      write(statistics, RecordMapper.toRecord(record));
    }
  }

  private static void write(Writer out, IndexedRecord record) {
    try {
      out.write(RecordLines.line(record));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

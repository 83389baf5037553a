package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the records of what was found, each for the output of its kind. */
final class FindingsWriter {
  private final RecordEncoder encoder;
  private final FindingsMetrics metrics;
  private final WarningRate rate;

  FindingsWriter(RecordEncoder encoder, FindingsMetrics metrics, WarningRate rate) {
    this.encoder = encoder;
    this.metrics = metrics;
    this.rate = rate;
  }

  void write(Findings findings, Occasion occasion) {
    metrics.note(findings);
    for (Alarm alarm : findings.alarms()) {
      write(alarm, occasion);
    }
    for (Recommendation advice : findings.recommendations()) {
      occasion.output(
          MonitorFunction.RECOMMENDATIONS,
          record(Topics.recommendations(advice.project()), advice.runId(), encoder.encode(advice)));
    }
    for (RunStatistics statistics : findings.statistics()) {
      occasion.output(
          MonitorFunction.STATISTICS,
          record(
              Topics.statistics(statistics.project()),
              statistics.runId(),
              encoder.encode(statistics)));
    }
  }

  void write(Alarm alarm, Occasion occasion) {
    if (!rate.admits(alarm)) {
      metrics.noteOverRate();
      return;
    }
    metrics.note(alarm, occasion);
    occasion.output(
        MonitorFunction.ALARMS,
        record(Topics.alarms(alarm.project()), alarm.runId(), encoder.encode(alarm)));
  }

  /**
   * Takes a run out of the compacted topic: what was advised is not for whoever comes later under
   * its name.
   */
  void forget(String project, String runId, Occasion occasion) {
    occasion.output(
        MonitorFunction.RECOMMENDATIONS, record(Topics.recommendations(project), runId, null));
  }

  private static ProducedRecord record(String topic, String runId, byte @Nullable [] value) {
    return new ProducedRecord(topic, RecordEncoder.key(runId), value, List.of());
  }
}

package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Events of one run to what its monitor finds, as records on three side outputs. The main output
 * stays empty.
 */
public final class MonitorFunction extends KeyedProcessFunction<String, RunEvent, ProducedRecord> {
  /** Side output: alarms. */
  public static final OutputTag<ProducedRecord> ALARMS =
      new OutputTag<>("alarms", JobTypes.PRODUCED);

  /** Side output: clip advice. */
  public static final OutputTag<ProducedRecord> RECOMMENDATIONS =
      new OutputTag<>("recommendations", JobTypes.PRODUCED);

  /** Side output: rolling statistics. */
  public static final OutputTag<ProducedRecord> STATISTICS =
      new OutputTag<>("statistics", JobTypes.PRODUCED);

  private transient ValueState<RunState> state;
  private transient RunMonitor monitor;
  private transient RecordEncoder encoder;

  /** Identity of a run over all projects; a project's name holds no slash. */
  public static String keyOf(RunEvent event) {
    return event.project() + '/' + event.runId();
  }

  @Override
  public void open(OpenContext context) {
    AvroLimits.ensure();
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("run", JobTypes.STATE));
    monitor = new RunMonitor(Policy.defaults());
    encoder = new RecordEncoder();
  }

  @Override
  public void processElement(RunEvent event, Context context, Collector<ProducedRecord> none)
      throws Exception {
    @Nullable RunState known = state.value();
    RunState run = known == null ? new RunState() : known;
    Findings findings = monitor.accept(run, event);
    state.update(run);
    for (Alarm alarm : findings.alarms()) {
      context.output(ALARMS, record(Topics.alarms(event.project()), event, encoder.encode(alarm)));
    }
    for (Recommendation advice : findings.recommendations()) {
      context.output(
          RECOMMENDATIONS,
          record(Topics.recommendations(event.project()), event, encoder.encode(advice)));
    }
    for (RunStatistics statistics : findings.statistics()) {
      context.output(
          STATISTICS,
          record(Topics.statistics(event.project()), event, encoder.encode(statistics)));
    }
  }

  private static ProducedRecord record(String topic, RunEvent event, byte[] value) {
    return new ProducedRecord(topic, RecordEncoder.key(event.runId()), value, List.of());
  }
}

package io.gradwatch.jobs;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.functions.DecodeFunction;
import io.gradwatch.jobs.functions.MonitorFunction;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/** The job's graph; its ends are parameters. */
public final class GradwatchPipeline {
  private GradwatchPipeline() {}

  /**
   * Where the graph ends.
   *
   * @param alarms records for {@code gradwatch.alarms.v1.PROJECT}
   * @param recommendations records for {@code gradwatch.recommendations.v1.PROJECT}
   * @param statistics records for {@code gradwatch.statistics.v1.PROJECT}
   * @param deadLetters records for {@code gradwatch.dead-letters.v1}
   */
  public record Sinks(
      Sink<ProducedRecord> alarms,
      Sink<ProducedRecord> recommendations,
      Sink<ProducedRecord> statistics,
      Sink<ProducedRecord> deadLetters) {}

  /**
   * Defines the graph in {@code env}. Events of one run have to come from the source in the order
   * of their topic's partition.
   *
   * @param deadLetterMaxBytes most bytes a dead letter keeps of a refused record
   */
  public static void define(
      StreamExecutionEnvironment env,
      Source<ConsumedRecord, ?, ?> source,
      Sinks sinks,
      int deadLetterMaxBytes) {
    SingleOutputStreamOperator<RunEvent> events =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "events", JobTypes.CONSUMED)
            .uid("events")
            .process(new DecodeFunction(deadLetterMaxBytes), JobTypes.EVENT)
            .uid("decode")
            .name("decode");
    SingleOutputStreamOperator<ProducedRecord> findings =
        events
            .keyBy(MonitorFunction::keyOf, Types.STRING)
            .process(new MonitorFunction(), JobTypes.PRODUCED)
            .uid("monitor")
            .name("monitor");
    sink(findings, MonitorFunction.ALARMS, sinks.alarms());
    sink(findings, MonitorFunction.RECOMMENDATIONS, sinks.recommendations());
    sink(findings, MonitorFunction.STATISTICS, sinks.statistics());
    sink(events, DecodeFunction.DEAD_LETTERS, sinks.deadLetters());
  }

  private static void sink(
      SingleOutputStreamOperator<?> from,
      OutputTag<ProducedRecord> output,
      Sink<ProducedRecord> sink) {
    from.getSideOutput(output).sinkTo(sink).uid(output.getId()).name(output.getId());
  }
}

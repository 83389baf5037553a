package io.gradwatch.jobs;

import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.functions.DecodeFunction;
import io.gradwatch.jobs.functions.FleetFunction;
import io.gradwatch.jobs.functions.MonitorFunction;
import io.gradwatch.jobs.functions.MonitorLimits;
import io.gradwatch.jobs.functions.MonitorOperator;
import io.gradwatch.jobs.functions.PolicyLog;
import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job's graph; its ends are parameters. */
public final class GradwatchPipeline {
  private GradwatchPipeline() {}

  /**
   * Where the graph begins.
   *
   * @param events records of {@code gradwatch.events.v1.*}; those of one run in the order of their
   *     partition
   * @param policies records of {@code gradwatch.policies.v1}, from the first one on
   * @param policyLog the same, read to the end before the first event
   */
  public record Sources(
      Source<ConsumedRecord, ?, ?> events,
      Source<ConsumedRecord, ?, ?> policies,
      PolicyLog policyLog) {}

  /**
   * Where the graph ends.
   *
   * @param alarms records for {@code gradwatch.alarms.v1.PROJECT}
   * @param recommendations records for {@code gradwatch.recommendations.v1.PROJECT}
   * @param statistics records for {@code gradwatch.statistics.v1.PROJECT}
   * @param deadLetters records for {@code gradwatch.dead-letters.v1}
   * @param incidents records for {@code gradwatch.incidents.v1}
   */
  public record Sinks(
      Sink<ProducedRecord> alarms,
      Sink<ProducedRecord> recommendations,
      Sink<ProducedRecord> statistics,
      Sink<ProducedRecord> deadLetters,
      Sink<ProducedRecord> incidents) {}

  /**
   * Defines the graph in {@code env}.
   *
   * @param limits bounds of what is taken and kept
   * @param wire framings in which records come and go
   */
  public static void define(
      StreamExecutionEnvironment env,
      Sources sources,
      Sinks sinks,
      MonitorLimits limits,
      WireFormat wire) {
    SingleOutputStreamOperator<RunEvent> events =
        read(env, sources.events(), "events")
            .process(new DecodeFunction(limits.deadLetterMaxBytes(), wire), JobTypes.EVENT)
            .uid("decode")
            .name("decode");
    DataStream<ConsumedRecord> policies =
        read(env, sources.policies(), "policies").setParallelism(1);
    SingleOutputStreamOperator<ProducedRecord> findings =
        events
            .keyBy(MonitorFunction::keyOf, Types.STRING)
            .connect(policies.broadcast())
            .transform(
                "monitor",
                JobTypes.PRODUCED,
                new MonitorOperator(new MonitorFunction(sources.policyLog(), limits, wire)))
            .uid("monitor")
            .name("monitor");
    write(findings.getSideOutput(MonitorFunction.ALARMS), "alarms", sinks.alarms());
    write(
        findings.getSideOutput(MonitorFunction.RECOMMENDATIONS),
        "recommendations",
        sinks.recommendations());
    write(findings.getSideOutput(MonitorFunction.STATISTICS), "statistics", sinks.statistics());
    write(
        findings
            .getSideOutput(MonitorFunction.FLEET)
            .keyBy(FleetSignal::area, Types.STRING)
            .process(new FleetFunction(wire), JobTypes.PRODUCED)
            .uid("fleet")
            .name("fleet"),
        "incidents",
        sinks.incidents());
    write(
        events
            .getSideOutput(DecodeFunction.DEAD_LETTERS)
            .union(findings.getSideOutput(DecodeFunction.DEAD_LETTERS)),
        "dead-letters",
        sinks.deadLetters());
  }

  private static SingleOutputStreamOperator<ConsumedRecord> read(
      StreamExecutionEnvironment env, Source<ConsumedRecord, ?, ?> source, String name) {
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), name, JobTypes.CONSUMED)
        .uid(name);
  }

  private static void write(
      DataStream<ProducedRecord> records, String name, Sink<ProducedRecord> sink) {
    records.sinkTo(sink).uid(name).name(name);
  }
}

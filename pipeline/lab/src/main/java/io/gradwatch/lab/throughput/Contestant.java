package io.gradwatch.lab.throughput;

import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.GradwatchPipeline;
import io.gradwatch.jobs.functions.DecodeFunction;
import io.gradwatch.jobs.functions.MonitorLimits;
import io.gradwatch.jobs.kafka.KafkaEnds;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that is measured; all read the same events by the same source. */
enum Contestant {
  /** Bytes in, bytes out, exactly once as the statistics are. */
  PASSTHROUGH {
    @Override
    void define(StreamExecutionEnvironment env, KafkaEnds ends) {
      passThrough(env, ends, ends.statistics());
    }
  },

  /** Bytes in, bytes out, at least once as alarms and advice are. */
  PASSTHROUGH_AT_LEAST_ONCE {
    @Override
    void define(StreamExecutionEnvironment env, KafkaEnds ends) {
      passThrough(env, ends, ends.alarms());
    }
  },

  /** Events decoded and thrown away. */
  DECODE {
    @Override
    void define(StreamExecutionEnvironment env, KafkaEnds ends) {
      read(env, ends)
          .process(new DecodeFunction(LIMITS.deadLetterMaxBytes()), JobTypes.EVENT)
          .uid("decode")
          .sinkTo(new DiscardingSink<>())
          .uid("nowhere");
    }
  },

  /** The whole job: detectors, statistics, advice, policies, dead letters, incidents. */
  FULL {
    @Override
    void define(StreamExecutionEnvironment env, KafkaEnds ends) {
      full(env, ends);
    }
  },

  /** The same with its state in RocksDB. */
  FULL_ON_ROCKSDB {
    @Override
    void configure(Configuration flink) {
      flink.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    }

    @Override
    void define(StreamExecutionEnvironment env, KafkaEnds ends) {
      full(env, ends);
    }
  };

  /** Where the events pass through to. */
  static final String COPY = "copy";

  private static final MonitorLimits LIMITS =
      new MonitorLimits(1_000_000, Duration.ofDays(7), 100_000, 1_000_000, MonitorLimits.ANY_AGE);

  void configure(Configuration flink) {}

  abstract void define(StreamExecutionEnvironment env, KafkaEnds ends);

  /** An environment that runs it on the events that are there. */
  StreamExecutionEnvironment environment(JobOptions options, Configuration flink) {
    configure(flink);
    StreamExecutionEnvironment env = GradwatchJob.environment(options, flink);
    define(env, new KafkaEnds(options));
    return env;
  }

  private static KafkaSource<ConsumedRecord> events(KafkaEnds ends) {
    return ends.eventsBuilder().setBounded(OffsetsInitializer.latest()).build();
  }

  private static SingleOutputStreamOperator<ConsumedRecord> read(
      StreamExecutionEnvironment env, KafkaEnds ends) {
    return env.fromSource(
            events(ends), WatermarkStrategy.noWatermarks(), "events", JobTypes.CONSUMED)
        .uid("events");
  }

  private static void passThrough(
      StreamExecutionEnvironment env, KafkaEnds ends, Sink<ProducedRecord> sink) {
    read(env, ends)
        .map(
            record -> new ProducedRecord(COPY, record.key(), record.value(), record.headers()),
            JobTypes.PRODUCED)
        .uid("copy")
        .sinkTo(sink)
        .uid("copies");
  }

  private static void full(StreamExecutionEnvironment env, KafkaEnds ends) {
    GradwatchPipeline.define(
        env,
        new GradwatchPipeline.Sources(
            events(ends),
            ends.policiesBuilder().setBounded(OffsetsInitializer.latest()).build(),
            ends.policyLog()),
        new GradwatchPipeline.Sinks(
            ends.alarms(),
            ends.recommendations(),
            ends.statistics(),
            ends.deadLetters(),
            ends.incidents()),
        LIMITS);
  }
}

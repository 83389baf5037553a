package io.gradwatch.lab.throughput;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.GradwatchPipeline;
import io.gradwatch.jobs.functions.DecodeFunction;
import io.gradwatch.jobs.functions.MonitorLimits;
import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.jobs.kafka.KafkaEnds;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.lab.peers.Peer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that is measured; all read the same events by the same source. */
enum Contestant implements Entrant {
  /** Bytes in, bytes out, exactly once as the statistics are. */
  PASSTHROUGH {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
      passThrough(env, ends, ends.kafka().statistics());
    }
  },

  /** Bytes in, bytes out, at least once as alarms and advice are. */
  PASSTHROUGH_AT_LEAST_ONCE {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
      passThrough(env, ends, ends.kafka().alarms());
    }
  },

  /** Events decoded and thrown away. */
  DECODE {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
      ends.read(env)
          .process(
              new DecodeFunction(LIMITS.deadLetterMaxBytes(), WireFormat.SINGLE_OBJECT),
              JobTypes.EVENT)
          .uid("decode")
          .sinkTo(new DiscardingSink<>())
          .uid("nowhere");
    }
  },

  /** The whole job: detectors, statistics, advice, policies, dead letters, incidents. */
  FULL {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
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
    void define(StreamExecutionEnvironment env, Ends ends) {
      full(env, ends);
    }
  },

  /** Rolling mean and deviation of every layer in SQL; its events are exploded into rows. */
  SQL_OVER(Contestant.FEW) {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
      SqlOver.define(env, ends, LIMITS.deadLetterMaxBytes());
    }
  },

  /** The five rules of the peers that are cheap, over loss and norm of each run. */
  PEER_RULES {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
      rules(
          env,
          ends,
          List.of(Peer.NAN, Peer.KILL_LOSS_SPIKE, Peer.MEGATRON, Peer.SKIP_STEP, Peer.ZCLIP));
    }
  },

  /** A forest over loss and norm of each run: some MB a run. */
  RANDOM_CUT_FOREST(Contestant.FEW) {
    @Override
    void define(StreamExecutionEnvironment env, Ends ends) {
      rules(env, ends, List.of(Peer.RANDOM_CUT_FOREST));
    }
  };

  /** Share of the events for those who take milliseconds for one. */
  private static final double FEW = 0.02;

  /** Where the events pass through to. */
  static final String COPY = "copy";

  private static final MonitorLimits LIMITS =
      new MonitorLimits(
          1_000_000,
          Duration.ofDays(7),
          100_000,
          1_000_000,
          JobOptions.HELD_RUNS.option().defaultValue(),
          MonitorLimits.ANY_AGE);

  private final double share;

  Contestant() {
    this(1);
  }

  Contestant(double share) {
    this.share = share;
  }

  void configure(Configuration flink) {}

  abstract void define(StreamExecutionEnvironment env, Ends ends);

  /**
   * An environment that runs it.
   *
   * @param reach tells the source of the events where to stop
   */
  StreamExecutionEnvironment environment(
      JobOptions options,
      Configuration flink,
      UnaryOperator<KafkaSourceBuilder<ConsumedRecord>> reach) {
    configure(flink);
    StreamExecutionEnvironment env = GradwatchJob.environment(options, flink);
    define(env, new Ends(new KafkaEnds(options), reach));
    return env;
  }

  @Override
  public double share() {
    return share;
  }

  @Override
  public HeatResult run(Track track, String heat) throws Exception {
    return Heat.run(this, track, heat);
  }

  /** Where a job reads and writes. */
  record Ends(KafkaEnds kafka, UnaryOperator<KafkaSourceBuilder<ConsumedRecord>> reach) {
    KafkaSource<ConsumedRecord> events() {
      return reach.apply(kafka.eventsBuilder()).build();
    }

    SingleOutputStreamOperator<ConsumedRecord> read(StreamExecutionEnvironment env) {
      return env.fromSource(events(), WatermarkStrategy.noWatermarks(), "events", JobTypes.CONSUMED)
          .uid("events");
    }
  }

  private static void passThrough(
      StreamExecutionEnvironment env, Ends ends, Sink<ProducedRecord> sink) {
    ends.read(env)
        .map(
            record -> new ProducedRecord(COPY, record.key(), record.value(), record.headers()),
            JobTypes.PRODUCED)
        .uid("copy")
        .sinkTo(sink)
        .uid("copies");
  }

  private static void rules(StreamExecutionEnvironment env, Ends ends, List<Peer> peers) {
    ends.read(env)
        .process(
            new DecodeFunction(LIMITS.deadLetterMaxBytes(), WireFormat.SINGLE_OBJECT),
            JobTypes.EVENT)
        .uid("decode")
        .keyBy(RunEvent::runId, Types.STRING)
        .process(new PeerRulesFunction(peers), JobTypes.PRODUCED)
        .uid("rules")
        .sinkTo(ends.kafka().alarms())
        .uid("alarms");
  }

  private static void full(StreamExecutionEnvironment env, Ends ends) {
    KafkaEnds kafka = ends.kafka();
    GradwatchPipeline.define(
        env,
        new GradwatchPipeline.Sources(
            ends.events(),
            kafka.policiesBuilder().setBounded(OffsetsInitializer.latest()).build(),
            kafka.policyLog()),
        new GradwatchPipeline.Sinks(
            kafka.alarms(),
            kafka.recommendations(),
            kafka.statistics(),
            kafka.deadLetters(),
            kafka.incidents()),
        LIMITS,
        WireFormat.SINGLE_OBJECT);
  }
}

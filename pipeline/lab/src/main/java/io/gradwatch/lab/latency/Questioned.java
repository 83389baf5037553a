package io.gradwatch.lab.latency;

import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.kafka.KafkaEnds;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A job whose answers are waited for. */
enum Questioned {
  /** Copies every event, written as alarms are: at once, perhaps twice. */
  PASSTHROUGH(Questioned.COPY) {
    @Override
    JobClient start(JobOptions options, Configuration flink) throws Exception {
      StreamExecutionEnvironment env = GradwatchJob.environment(options, flink);
      KafkaEnds ends = new KafkaEnds(options);
      env.fromSource(ends.events(), WatermarkStrategy.noWatermarks(), "events", JobTypes.CONSUMED)
          .uid("events")
          .map(
              record -> new ProducedRecord(COPY, record.key(), record.value(), record.headers()),
              JobTypes.PRODUCED)
          .uid("copy")
          .sinkTo(ends.alarms())
          .uid("copies");
      return env.executeAsync(name());
    }

    @Override
    boolean isAnswer(ConsumerRecord<byte[], byte[]> record) {
      return record.headers().lastHeader(Generator.RAISES) != null;
    }
  },

  /** The whole job as it is deployed. */
  FULL(Topics.alarms(Topics.DEFAULT_PROJECT)) {
    @Override
    JobClient start(JobOptions options, Configuration flink) throws Exception {
      return GradwatchJob.start(options, flink);
    }

    @Override
    boolean isAnswer(ConsumerRecord<byte[], byte[]> record) {
      DivergenceAlarm alarm = decoded(record.value());
      return alarm.getKind() == AlarmKind.NON_FINITE && alarm.getState() == AlarmState.OPEN;
    }
  };

  static final String COPY = "copy";

  private static final RecordCodec<DivergenceAlarm> ALARMS = RecordCodec.of(DivergenceAlarm.class);

  /** Where its answers are written. */
  private final String topic;

  Questioned(String topic) {
    this.topic = topic;
  }

  abstract JobClient start(JobOptions options, Configuration flink) throws Exception;

  /** Whether it answers the event of its run that asked. */
  abstract boolean isAnswer(ConsumerRecord<byte[], byte[]> record);

  String topic() {
    return topic;
  }

  static String run(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static DivergenceAlarm decoded(byte[] value) {
    try {
      return ALARMS.decode(value);
    } catch (RecordFormatException e) {
      throw new IllegalStateException("the job wrote an alarm that cannot be read", e);
    }
  }
}

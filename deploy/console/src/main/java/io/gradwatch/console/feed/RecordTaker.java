package io.gradwatch.console.feed;

import io.gradwatch.console.model.Fleet;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.Silence;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Puts a record of any topic into the model. */
final class RecordTaker {
  private final RecordCodec<TrainingEvent> events;
  private final RecordCodec<DivergenceAlarm> alarms;
  private final RecordCodec<ClipRecommendation> advice;
  private final RecordCodec<RunStatistics> statistics;
  private final RecordCodec<FleetIncident> incidents;
  private final RecordCodec<Silence> silences;
  private final RecordCodec<Acknowledgement> acknowledgements;
  private final RecordCodec<Judgement> judgements;
  private final Fleet fleet;
  private final RemarkOrder order;

  RecordTaker(Fleet fleet, RemarkOrder order, @Nullable SchemaRegistry registry) {
    this.fleet = fleet;
    this.order = order;
    events = RecordCodec.reading(TrainingEvent.class, registry);
    alarms = RecordCodec.reading(DivergenceAlarm.class, registry);
    advice = RecordCodec.reading(ClipRecommendation.class, registry);
    statistics = RecordCodec.reading(RunStatistics.class, registry);
    incidents = RecordCodec.reading(FleetIncident.class, registry);
    silences = RecordCodec.reading(Silence.class, registry);
    acknowledgements = RecordCodec.reading(Acknowledgement.class, registry);
    judgements = RecordCodec.reading(Judgement.class, registry);
  }

  /**
   * Takes a record. One without a value ends what its key names, which only advice knows.
   *
   * @throws RecordFormatException when it is none of its topic's records
   * @throws IllegalArgumentException when it is out of bounds
   * @throws java.io.UncheckedIOException when the registry cannot be asked
   */
  void take(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    String topic = record.topic();
    byte[] value = record.value();
    if (topic.startsWith(Topics.RECOMMENDATIONS_PREFIX)) {
      takeAdvice(record);
    } else if (value == null) {
      // A run is taken out of its events, or a topic was compacted: the model keeps what it saw.
      return;
    } else if (topic.startsWith(Topics.EVENTS_PREFIX)) {
      TrainingEvent event = events.decode(value);
      Bounds.check(event);
      fleet.apply(Topics.project(topic), event);
    } else if (topic.startsWith(Topics.ALARMS_PREFIX)) {
      DivergenceAlarm alarm = alarms.decode(value);
      Bounds.check(alarm.getRunId(), alarm.getAttempt(), alarm.getStep());
      Topics.checkProject(alarm.getProject());
      fleet.apply(alarm);
    } else if (topic.startsWith(Topics.STATISTICS_PREFIX)) {
      RunStatistics newest = statistics.decode(value);
      Bounds.check(newest.getRunId(), newest.getAttempt(), newest.getStep());
      Topics.checkProject(newest.getProject());
      fleet.apply(newest);
    } else if (topic.equals(Topics.INCIDENTS)) {
      fleet.apply(incidents.decode(value));
    } else {
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      // Decoded before: that may ask a registry, and people's requests wait for the order.
      Runnable remark = remark(topic, value);
      order.read(new TopicPartition(topic, record.partition()), key, record.offset(), remark);
    }
  }

  private void takeAdvice(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    if (record.key() == null) {
      return;
    }
    String run = new String(record.key(), StandardCharsets.UTF_8);
    ClipRecommendation told = record.value() == null ? null : advice.decode(record.value());
    if (told != null) {
      Bounds.check(run, told.getAttempt(), told.getMadeAtStep());
    }
    fleet.apply(Topics.project(record.topic()), run, told);
  }

  private Runnable remark(String topic, byte[] value) throws RecordFormatException {
    switch (topic) {
      case Topics.SILENCES -> {
        Silence silence = silences.decode(value);
        return () -> fleet.apply(silence);
      }
      case Topics.ACKNOWLEDGEMENTS -> {
        Acknowledgement acknowledgement = acknowledgements.decode(value);
        return () -> fleet.apply(acknowledgement);
      }
      case Topics.JUDGEMENTS -> {
        Judgement judgement = judgements.decode(value);
        return () -> fleet.apply(judgement);
      }
      default -> throw new IllegalStateException("nobody asked for topic " + topic);
    }
  }
}

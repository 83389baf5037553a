package io.gradwatch.wire;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.fleet.Incident;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;

/**
 * Findings of the core as bytes of the output topics. The same finding gives the same bytes,
 * wherever it is computed. Safe for use by several threads.
 */
public final class RecordEncoder {
  private final RecordCodec<DivergenceAlarm> alarms;
  private final RecordCodec<ClipRecommendation> recommendations;
  private final RecordCodec<io.gradwatch.records.RunStatistics> statistics;
  private final RecordCodec<FleetIncident> incidents;

  /** Writes single-object encoding; needs no registry. */
  public RecordEncoder() {
    alarms = RecordCodec.of(DivergenceAlarm.class);
    recommendations = RecordCodec.of(ClipRecommendation.class);
    statistics = RecordCodec.of(io.gradwatch.records.RunStatistics.class);
    incidents = RecordCodec.of(FleetIncident.class);
  }

  /**
   * Writes Confluent framing, with ids of a registry that is asked when the first record of a topic
   * is encoded, and throws {@link java.io.UncheckedIOException} then when it cannot be.
   */
  public RecordEncoder(SchemaRegistry registry) {
    alarms = RecordCodec.of(DivergenceAlarm.class, registry, Framing.CONFLUENT);
    recommendations = RecordCodec.of(ClipRecommendation.class, registry, Framing.CONFLUENT);
    statistics =
        RecordCodec.of(io.gradwatch.records.RunStatistics.class, registry, Framing.CONFLUENT);
    incidents = RecordCodec.of(FleetIncident.class, registry, Framing.CONFLUENT);
  }

  /** The value of an alarm's record. */
  public byte[] encode(Alarm alarm) {
    return alarms.encode(RecordMapper.toRecord(alarm), Topics.alarms(alarm.project()));
  }

  /** The value of a recommendation's record. */
  public byte[] encode(Recommendation advice) {
    return recommendations.encode(
        RecordMapper.toRecord(advice), Topics.recommendations(advice.project()));
  }

  /** The value of a statistics record. */
  public byte[] encode(RunStatistics record) {
    return statistics.encode(RecordMapper.toRecord(record), Topics.statistics(record.project()));
  }

  /** The value of an incident's record. */
  public byte[] encode(Incident incident) {
    return incidents.encode(RecordMapper.toRecord(incident), Topics.INCIDENTS);
  }

  /** The key of an incident's records: its id in UTF-8. */
  public static byte[] key(Incident incident) {
    return incident.id().getBytes(StandardCharsets.UTF_8);
  }

  /** The key of all of a run's records: its id in UTF-8. */
  public static byte[] key(String runId) {
    return runId.getBytes(StandardCharsets.UTF_8);
  }
}

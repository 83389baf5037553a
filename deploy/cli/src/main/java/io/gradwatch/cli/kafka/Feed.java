package io.gradwatch.cli.kafka;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.backtest.RecordLines;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What the pipeline publishes, each kind with its topic and its form as a line of JSON. */
public enum Feed {
  /** Every revision of every alarm. */
  ALARMS,
  /** Clip advice. */
  RECOMMENDATIONS,
  /** Rolling statistics. */
  STATISTICS,
  /** What could not be decoded, of all projects. */
  DEAD_LETTERS,
  /** Every revision of every incident, of all projects. */
  INCIDENTS;

  /** The topic of a project. */
  public String topic(String project) {
    return switch (this) {
      case ALARMS -> Topics.alarms(project);
      case RECOMMENDATIONS -> Topics.recommendations(project);
      case STATISTICS -> Topics.statistics(project);
      case DEAD_LETTERS -> Topics.DEAD_LETTERS;
      case INCIDENTS -> Topics.INCIDENTS;
    };
  }

  /**
   * A record as a line of JSON, without the line's end.
   *
   * @throws RecordFormatException when it is none of this feed's records
   */
  public String line(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    return switch (this) {
      case ALARMS -> RecordLines.line(Codecs.ALARM.decode(record.value()));
      case RECOMMENDATIONS ->
          record.value() == null
              ? withdrawn(record)
              : RecordLines.line(Codecs.RECOMMENDATION.decode(record.value()));
      case STATISTICS -> RecordLines.line(Codecs.STATISTICS.decode(record.value()));
      case DEAD_LETTERS -> deadLetter(record);
      case INCIDENTS -> RecordLines.line(Codecs.INCIDENT.decode(record.value()));
    };
  }

  /** The key, which is the run id of all but incidents and dead letters, and mostly of those. */
  public static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }

  /** Advice that is taken back: the run is forgotten. */
  private static String withdrawn(ConsumerRecord<byte[], byte[]> record) {
    return JsonText.string(new StringBuilder("{\"run\":"), key(record))
        .append(",\"withdrawn\":true}")
        .toString();
  }

  /** Bytes of a value nobody understood go as Base64; all the rest is text. */
  private static String deadLetter(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder out = new StringBuilder("{\"run\":");
    JsonText.string(out, key(record)).append(",\"timestamp\":").append(record.timestamp());
    out.append(",\"headers\":{");
    String separator = "";
    for (Header header : record.headers()) {
      JsonText.string(out.append(separator), header.key()).append(':');
      byte[] value = header.value();
      JsonText.string(out, value == null ? null : new String(value, StandardCharsets.UTF_8));
      separator = ",";
    }
    out.append("},\"value_base64\":");
    byte[] value = record.value();
    JsonText.string(out, value == null ? null : Base64.getEncoder().encodeToString(value));
    return out.append('}').toString();
  }

  /** Made when the first record is read: the command line knows feeds by name only. */
  private static final class Codecs {
    static final RecordCodec<DivergenceAlarm> ALARM = RecordCodec.of(DivergenceAlarm.class);
    static final RecordCodec<ClipRecommendation> RECOMMENDATION =
        RecordCodec.of(ClipRecommendation.class);
    static final RecordCodec<FleetIncident> INCIDENT = RecordCodec.of(FleetIncident.class);
    static final RecordCodec<RunStatistics> STATISTICS = RecordCodec.of(RunStatistics.class);
  }
}

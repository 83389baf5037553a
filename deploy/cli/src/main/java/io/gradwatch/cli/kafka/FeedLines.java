package io.gradwatch.cli.kafka;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.backtest.RecordLines;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Records of the feeds as lines of JSON. */
public final class FeedLines {
  private final RecordCodec<DivergenceAlarm> alarms;
  private final RecordCodec<ClipRecommendation> recommendations;
  private final RecordCodec<RunStatistics> statistics;
  private final RecordCodec<FleetIncident> incidents;

  /**
   * @param registry where ids of Confluent framing are looked up; null: nowhere
   */
  public FeedLines(@Nullable SchemaRegistry registry) {
    alarms = RecordCodec.reading(DivergenceAlarm.class, registry);
    recommendations = RecordCodec.reading(ClipRecommendation.class, registry);
    statistics = RecordCodec.reading(RunStatistics.class, registry);
    incidents = RecordCodec.reading(FleetIncident.class, registry);
  }

  /**
   * A record as a line of JSON, without the line's end.
   *
   * @throws RecordFormatException when it is none of this feed's records
   * @throws java.io.UncheckedIOException when the registry cannot be asked
   */
  public String line(Feed feed, ConsumerRecord<byte[], byte[]> record)
      throws RecordFormatException {
    return switch (feed) {
      case ALARMS -> RecordLines.line(alarms.decode(record.value()));
      case RECOMMENDATIONS ->
          record.value() == null
              ? withdrawn(record)
              : RecordLines.line(recommendations.decode(record.value()));
      case STATISTICS -> RecordLines.line(statistics.decode(record.value()));
      case DEAD_LETTERS -> deadLetter(record);
      case INCIDENTS -> RecordLines.line(incidents.decode(record.value()));
    };
  }

  /** Advice that is taken back: the run is forgotten. */
  private static String withdrawn(ConsumerRecord<byte[], byte[]> record) {
    return JsonText.string(new StringBuilder("{\"run\":"), Feed.key(record))
        .append(",\"withdrawn\":true}")
        .toString();
  }

  /** Bytes of a value nobody understood go as Base64; all the rest is text. */
  private static String deadLetter(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder out = new StringBuilder("{\"run\":");
    JsonText.string(out, Feed.key(record)).append(",\"timestamp\":").append(record.timestamp());
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
}

package io.gradwatch.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.agent.Counted;
import io.gradwatch.backtest.JsonText;
import io.gradwatch.jobs.records.DeadLetters;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it lies in its topic. The refused record's own headers come before those of the
 * job, so the last header of a name is the job's, whatever the trainer sent. The job writes neither
 * {@link #ATTEMPT} nor {@link #ORIGIN}: they come with the record, from a replay or from a trainer
 * that forges them. So they decide about nothing but letters of the same content, see {@link
 * #identity()}.
 *
 * @param record the letter
 */
public record DeadLetter(ConsumerRecord<byte[], byte[]> record) {
  /** How often the record was replayed, decimal; there only when it was. */
  static final String ATTEMPT = DeadLetters.PREFIX + "attempt";

  /** PARTITION:OFFSET at which a replayed record lay first. */
  static final String ORIGIN = DeadLetters.PREFIX + "origin";

  private static final int BYTES_A_ROW = 16;

  /** PARTITION:OFFSET of the letter, by which it is asked for. */
  public String id() {
    return record.partition() + ":" + record.offset();
  }

  /** Key of the refused record, as text. */
  public @Nullable String key() {
    return Feed.key(record);
  }

  /** Topic of the refused record. */
  public String topic() {
    return header(DeadLetters.TOPIC, "");
  }

  /** Why it was refused, in a word. */
  public String reason() {
    return header(DeadLetters.REASON, "");
  }

  /** How often it was replayed; 0 for a record that never was. */
  public int attempts() {
    String told = header(ATTEMPT, "0");
    return told.matches("[0-9]{1,9}") ? Integer.parseInt(told) : 0;
  }

  /** True when a part of the refused record is missing. */
  public boolean isCut() {
    return !header(DeadLetters.CUT, "").isEmpty();
  }

  /**
   * What all letters of one record, replayed or not, have in common and no other letter has: a
   * digest of the place where it lay first and of its key, value and headers.
   */
  public String identity() {
    ContentDigest digest = new ContentDigest();
    digest.add(topic().getBytes(UTF_8)).add(origin().getBytes(UTF_8));
    digest.add(record.key()).add(record.value());
    for (Header header : ownHeaders()) {
      digest.add(header.key().getBytes(UTF_8)).add(header.value());
    }
    return digest.hex();
  }

  private String origin() {
    String here = header(DeadLetters.PARTITION, "") + ":" + header(DeadLetters.OFFSET, "");
    return attempts() > 0 ? header(ORIGIN, here) : here;
  }

  /** The refused record's headers, but for those that are named like ours. */
  private RecordHeaders ownHeaders() {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!header.key().startsWith(DeadLetters.PREFIX)) {
        headers.add(header);
      }
    }
    return headers;
  }

  /** The refused record, as it was, to be sent to its topic and partition once more. */
  public ProducerRecord<byte[], byte[]> replayed() {
    RecordHeaders headers = ownHeaders();
    headers.add(ATTEMPT, Integer.toString(attempts() + 1).getBytes(UTF_8));
    headers.add(ORIGIN, origin().getBytes(UTF_8));
    int partition = Integer.parseInt(header(DeadLetters.PARTITION, "0"));
    return new ProducerRecord<>(
        topic(), partition, record.timestamp(), record.key(), record.value(), headers);
  }

  /** A line of JSON, without its end. */
  public String line() {
    StringBuilder out = new StringBuilder("{\"letter\":");
    JsonText.string(out, id());
    text(out, "topic", topic());
    out.append(",\"partition\":").append(header(DeadLetters.PARTITION, "null"));
    out.append(",\"offset\":").append(header(DeadLetters.OFFSET, "null"));
    text(out, "stage", header(DeadLetters.STAGE, ""));
    text(out, "reason", reason());
    text(out, "message", header(DeadLetters.MESSAGE, ""));
    text(out, "time", time());
    text(out, "run", key());
    out.append(",\"bytes\":").append(record.value() == null ? "null" : record.value().length);
    out.append(",\"attempts\":").append(attempts());
    return out.append(",\"cut\":").append(isCut()).append('}').toString();
  }

  /** All of it for a person: what the headers say, and the bytes. */
  public String page() {
    StringBuilder out = new StringBuilder();
    row(out, "letter", id());
    row(out, "time", time());
    row(out, "key", key());
    for (Header header : record.headers()) {
      row(out, header.key(), header.value() == null ? null : new String(header.value(), UTF_8));
    }
    byte[] value = record.value();
    if (value == null) {
      return out.append("no value").append(System.lineSeparator()).toString();
    }
    row(out, "value", Counted.of(value.length, "byte"));
    for (int from = 0; from < value.length; from += BYTES_A_ROW) {
      dump(out, value, from, Math.min(from + BYTES_A_ROW, value.length));
    }
    return out.toString();
  }

  private static void dump(StringBuilder out, byte[] value, int from, int to) {
    String hex = HexFormat.ofDelimiter(" ").formatHex(value, from, to);
    out.append("%08x  %-47s  ".formatted(from, hex));
    for (int i = from; i < to; i++) {
      out.append(value[i] >= ' ' && value[i] < 0x7F ? (char) value[i] : '.');
    }
    out.append(System.lineSeparator());
  }

  private static void row(StringBuilder out, String name, @Nullable String value) {
    String quoted = JsonText.string(new StringBuilder(), name).toString();
    out.append("%-32s ".formatted(quoted.substring(1, quoted.length() - 1)));
    JsonText.string(out, value).append(System.lineSeparator());
  }

  private static void text(StringBuilder out, String name, @Nullable String value) {
    JsonText.string(out.append(",\"").append(name).append("\":"), value);
  }

  private String time() {
    return Instant.ofEpochMilli(record.timestamp()).toString();
  }

  private String header(String name, String otherwise) {
    Headers headers = record.headers();
    Header last = headers.lastHeader(name);
    return last == null || last.value() == null ? otherwise : new String(last.value(), UTF_8);
  }
}

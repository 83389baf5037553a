package io.gradwatch.jobs.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters: the refused record as it was (key, value, headers, timestamp), with further
 * headers that say where it lay and why it was refused.
 *
 * <p>A refused record may be too large for the topic of dead letters, and one that cannot be
 * written would stop the job for good. So a letter has a bound: beyond it the value is cut at its
 * end (then the headers are left out, then the key is cut) and the header {@link #CUT} says so.
 */
public final class DeadLetters {
  /** What every header of ours begins with. */
  public static final String PREFIX = "gradwatch.dead-letter.";

  /** Topic of the refused record. */
  public static final String TOPIC = PREFIX + "topic";

  /** Partition of the refused record, decimal. */
  public static final String PARTITION = PREFIX + "partition";

  /** Offset of the refused record, decimal. */
  public static final String OFFSET = PREFIX + "offset";

  /** Operator that refused it. */
  public static final String STAGE = PREFIX + "stage";

  /** Why, as one of a closed set of words. */
  public static final String REASON = PREFIX + "reason";

  /** Why, in one sentence. */
  public static final String MESSAGE = PREFIX + "message";

  /** What was cut, with the bytes it had: there only when something was. */
  public static final String CUT = PREFIX + "cut";

  private static final int MAX_MESSAGE_CHARS = 512;

  private final int maxBytes;

  /**
   * Makes letters up to a size.
   *
   * @param maxBytes most bytes of key, value and headers of the refused record together
   */
  public DeadLetters(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is " + maxBytes + ", must be at least 0");
    }
    this.maxBytes = maxBytes;
  }

  /** The letter for a record that {@code stage} refused. */
  public ProducedRecord of(ConsumedRecord refused, String stage, String reason, String message) {
    List<String> cuts = new ArrayList<>();
    int left = maxBytes;
    byte @Nullable [] key = cut(refused.key(), left, "key", cuts);
    left -= length(key);
    int headerBytes = refused.headers().stream().mapToInt(RecordHeader::size).sum();
    List<RecordHeader> headers = new ArrayList<>();
    if (headerBytes <= left) {
      headers.addAll(refused.headers());
      left -= headerBytes;
    } else {
      cuts.add("headers " + headerBytes);
    }
    byte @Nullable [] value = cut(refused.value(), left, "value", cuts);
    headers.add(RecordHeader.text(TOPIC, refused.topic()));
    headers.add(RecordHeader.text(PARTITION, Integer.toString(refused.partition())));
    headers.add(RecordHeader.text(OFFSET, Long.toString(refused.offset())));
    headers.add(RecordHeader.text(STAGE, stage));
    headers.add(RecordHeader.text(REASON, reason));
    headers.add(
        RecordHeader.text(
            MESSAGE, message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS))));
    if (!cuts.isEmpty()) {
      headers.add(new RecordHeader(CUT, String.join(", ", cuts).getBytes(UTF_8)));
    }
    return new ProducedRecord(Topics.DEAD_LETTERS, key, value, headers);
  }

  private static byte @Nullable [] cut(
      byte @Nullable [] bytes, int left, String what, List<String> cuts) {
    if (bytes == null || bytes.length <= left) {
      return bytes;
    }
    cuts.add(what + " " + bytes.length);
    return Arrays.copyOf(bytes, left);
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}

package io.gradwatch.jobs.records;

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
 * written would stop the job for good. So a letter has a bound, in bytes as Kafka counts them, that
 * holds whatever the refused record is: beyond it the value is cut at its end (then the headers are
 * left out, then the key is cut) and the header {@link #CUT} says so.
 *
 * <p>The refused record's own headers come first and stay as they are, also those that are named
 * like ours. Each letter has all of ours after them, so the last header of a name says what the job
 * says, whatever a trainer sent.
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

  /** Class of the exception that refused it. */
  public static final String EXCEPTION = PREFIX + "exception";

  /** Why, in one sentence. */
  public static final String MESSAGE = PREFIX + "message";

  /** What was cut, with the bytes it had; empty when nothing was. */
  public static final String CUT = PREFIX + "cut";

  /** The least bound: what the headers of ours may take at most fits. */
  public static final int MIN_BYTES = 4096;

  /**
   * What Kafka takes at most for a batch of one record beside key, value and headers: 61 bytes for
   * the batch, 21 for the record, and the lengths of key, value and headers of up to 5 bytes each.
   */
  private static final int BATCH_BYTES = 61 + 21 + 3 * 5;

  /** Kept free for {@link #CUT}: its name, its framing, and three words with their numbers. */
  private static final int CUT_BYTES = 128;

  private static final int MAX_MESSAGE_CHARS = 512;

  private final int maxBytes;

  /**
   * Makes letters up to a size.
   *
   * @param maxBytes most bytes that Kafka takes for a letter in a batch of its own, uncompressed,
   *     at least {@link #MIN_BYTES}
   */
  public DeadLetters(int maxBytes) {
    if (maxBytes < MIN_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes is " + maxBytes + ", must be at least " + MIN_BYTES);
    }
    this.maxBytes = maxBytes;
  }

  /**
   * The letter for a record that {@code stage} refused.
   *
   * @param why its class and message are told
   */
  public ProducedRecord of(ConsumedRecord refused, String stage, String reason, Exception why) {
    List<RecordHeader> ours = ours(refused, stage, reason, why);
    List<String> cuts = new ArrayList<>();
    int left = Math.toIntExact(maxBytes - BATCH_BYTES - CUT_BYTES - size(ours));
    byte @Nullable [] key = cut(refused.key(), left, "key", cuts);
    left -= length(key);
    long headerBytes = size(refused.headers());
    List<RecordHeader> headers = new ArrayList<>();
    if (headerBytes <= left) {
      headers.addAll(refused.headers());
      left -= (int) headerBytes;
    } else {
      cuts.add("headers " + headerBytes);
    }
    byte @Nullable [] value = cut(refused.value(), left, "value", cuts);
    headers.addAll(ours);
    headers.add(RecordHeader.text(CUT, String.join(", ", cuts)));
    return new ProducedRecord(Topics.DEAD_LETTERS, key, value, headers);
  }

  private static List<RecordHeader> ours(
      ConsumedRecord refused, String stage, String reason, Exception why) {
    String message = String.valueOf(why.getMessage());
    return List.of(
        RecordHeader.text(TOPIC, refused.topic()),
        RecordHeader.text(PARTITION, Integer.toString(refused.partition())),
        RecordHeader.text(OFFSET, Long.toString(refused.offset())),
        RecordHeader.text(STAGE, stage),
        RecordHeader.text(REASON, reason),
        RecordHeader.text(EXCEPTION, why.getClass().getName()),
        RecordHeader.text(
            MESSAGE, message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS))));
  }

  private static long size(List<RecordHeader> headers) {
    return headers.stream().mapToLong(RecordHeader::size).sum();
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

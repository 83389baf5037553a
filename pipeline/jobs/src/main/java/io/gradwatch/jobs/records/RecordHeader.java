package io.gradwatch.jobs.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * One header of a Kafka record.
 *
 * @param name may occur more than once in a record
 * @param value never changed; may be null
 */
public record RecordHeader(String name, byte @Nullable [] value) {

  /** Two lengths of up to 5 bytes each. */
  private static final int FRAMING_BYTES = 10;

  /** A header whose value is text in UTF-8. */
  static RecordHeader text(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /** Bytes it takes in a record of Kafka at most: with the two lengths before its parts. */
  int size() {
    return FRAMING_BYTES + name.getBytes(UTF_8).length + (value == null ? 0 : value.length);
  }
}

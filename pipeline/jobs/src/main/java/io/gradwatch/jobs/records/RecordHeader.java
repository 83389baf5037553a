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

  /** A header whose value is text in UTF-8. */
  static RecordHeader text(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /** Bytes it takes, about. */
  int size() {
    return name.length() + (value == null ? 0 : value.length);
  }
}

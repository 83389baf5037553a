package io.gradwatch.schemas;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where the ids of Confluent framing are looked up. Safe for use by several threads.
 *
 * <p>A registry that cannot be reached says nothing about a record: implementations throw {@link
 * java.io.UncheckedIOException} then, and callers retry or fail; they do not call the record bad.
 * One that answers others and refuses to tell this schema does say something.
 */
public interface SchemaRegistry {
  /**
   * The text of a schema.
   *
   * @param id its id
   * @return the schema as JSON, unchecked, or null when the registry has no such id
   * @throws java.io.UncheckedIOException when the registry cannot be asked
   * @throws SchemaRefusedException when it refuses to tell this one, and tells others
   */
  @Nullable String schema(int id);

  /**
   * The id of a schema, registered now if it was not.
   *
   * @param subject the name under which the registry keeps its versions
   * @throws java.io.UncheckedIOException when the registry cannot be asked or refuses the schema
   */
  int id(String subject, Schema schema);

  /**
   * The subject of a topic's values, by what Confluent's clients call TopicNameStrategy: their
   * default, and one type of record to a topic is what we have.
   */
  static String subjectOf(String topic) {
    return topic + "-value";
  }
}

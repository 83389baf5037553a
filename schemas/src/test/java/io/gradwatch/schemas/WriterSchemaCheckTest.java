package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordFormatException.Fault;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class WriterSchemaCheckTest {
  private static final Schema READER = TrainingEvent.getClassSchema();

  @Test
  void takesTheSchemaOfThisBuildWithoutItsProperties() throws RecordFormatException {
    Schema schema = WriterSchemaCheck.parse(READER.toString(), READER);
    assertThat(KnownSchemas.fingerprint(schema)).isEqualTo(KnownSchemas.fingerprint(READER));
    assertThat(schema.toString()).doesNotContain("avro.java.string", "doc", "default");
  }

  @Test
  void dropsPropertiesThatNameClasses() throws RecordFormatException {
    String text =
        READER
            .toString()
            .replaceFirst("\"avro.java.string\":\"String\"", "\"java-class\":\"java.net.URL\"");
    assertThat(text).contains("java-class");
    assertThat(WriterSchemaCheck.parse(text, READER).toString()).doesNotContain("java-class");
  }

  @Test
  void boundsTheText() {
    String padded = READER.toString() + " ".repeat(WriterSchemaCheck.MAX_TEXT_CHARS);
    assertRefused(padded, "characters, more than 262144");
    String exact =
        READER + " ".repeat(WriterSchemaCheck.MAX_TEXT_CHARS - READER.toString().length());
    assertThat(catchThrowableOfType(Exception.class, () -> WriterSchemaCheck.parse(exact, READER)))
        .isNull();
  }

  @Test
  void boundsTheDepthBeforeItParses() {
    assertRefused("[".repeat(65), "is nested 65 deep, more than 64");
    assertRefused("[".repeat(64), "is no Avro schema");
  }

  @Test
  void refusesRecursion() {
    assertRefused(
        """
        {"type": "record", "name": "List", "fields": [
          {"name": "next", "type": ["null", "List"]}]}
        """,
        "is recursive at List");
  }

  @Test
  void refusesRecordsOfRecordsOfNothing() {
    List<String> types = new ArrayList<>();
    types.add("{\"type\": \"record\", \"name\": \"R0\", \"fields\": []}");
    for (int i = 1; i <= 30; i++) {
      types.add(
          String.format(
              "{\"type\": \"record\", \"name\": \"R%d\", \"fields\": ["
                  + "{\"name\": \"a\", \"type\": \"R%d\"}, {\"name\": \"b\", \"type\": \"R%d\"}]}",
              i, i - 1, i - 1));
    }
    assertRefused("[" + String.join(",", types) + "]", "more than 10000 types when written out");
  }

  @Test
  void refusesArraysOfNothing() {
    assertRefused("{\"type\": \"array\", \"items\": \"null\"}", "items that take no byte");
    assertRefused(
        "{\"type\": \"array\", \"items\":" + Heartbeat.getClassSchema() + "}",
        "items that take no byte");
    assertRefused(
        "{\"type\": \"array\", \"items\": {\"type\": \"fixed\", \"name\": \"F\", \"size\": 0}}",
        "items that take no byte");
  }

  @Test
  void refusesWhatIsNoSchemaOrNotThisOne() {
    assertRefused("hello", "is no Avro schema");
    assertRefused("", "is no Avro schema");
    assertRefused(
        "\"string\"", "named string cannot be read as io.gradwatch.records.TrainingEvent");
    assertRefused("{\"type\": \"array\", \"items\": \"int\"}", "named array cannot be read");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> WriterSchemaCheck.parse(text, READER))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RecordFormatException) e).fault())
        .isEqualTo(Fault.UNACCEPTABLE_SCHEMA);
  }
}

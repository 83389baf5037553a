package io.gradwatch.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each schema against its frozen versions, and what every schema of the contract must have. */
class SchemaHistoryTest {
  private static final Frozen HISTORY =
      new Frozen("src/main/resources/io/gradwatch/schemas/history");

  static List<Class<? extends SpecificRecord>> recordTypes() {
    return KnownSchemas.RECORD_TYPES;
  }

  @AfterAll
  static void everyFrozenVersionIsRead() throws IOException {
    HISTORY.assertAllRead();
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void isCompatibleWithItsWholeHistoryBothWays(Class<? extends SpecificRecord> type)
      throws IOException, SchemaValidationException {
    List<Schema> newestFirst = new ArrayList<>();
    for (Schema version : versions(type)) {
      new SchemaValidatorBuilder()
          .mutualReadStrategy()
          .validateAll()
          .validate(version, newestFirst);
      newestFirst.add(0, version);
    }
    new SchemaValidatorBuilder()
        .mutualReadStrategy()
        .validateAll()
        .validate(current(type), newestFirst);
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void endsItsHistoryWithTheSchemaOfThisBuild(Class<? extends SpecificRecord> type)
      throws IOException {
    List<Schema> versions = versions(type);
    Schema newest = versions.get(versions.size() - 1);
    assertThat(KnownSchemas.fingerprint(newest)).isEqualTo(KnownSchemas.fingerprint(current(type)));
    assertThat(withoutText(newest))
        .as("a changed schema, be it in a default, is a new version: freeze it")
        .isEqualTo(withoutText(current(type)));
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void isKnownByEachOfItsFingerprints(Class<? extends SpecificRecord> type) throws IOException {
    KnownSchemas known = KnownSchemas.of(type);
    assertThat(known.versions()).hasSameSizeAs(versions(type));
    for (Schema version : versions(type)) {
      long fingerprint = KnownSchemas.fingerprint(version);
      assertThat(known.find(fingerprint))
          .extracting(KnownSchemas::fingerprint)
          .isEqualTo(fingerprint);
    }
    assertThat(known.find(0)).isNull();
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void saysOfEveryRecordEnumAndFieldWhatItIs(Class<? extends SpecificRecord> type) {
    List<Schema> named = namedTypes(current(type));
    assertThat(named).allSatisfy(schema -> assertThat(schema.getDoc()).isNotBlank());
    assertThat(fields(named)).allSatisfy(field -> assertThat(field.doc()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void hasADefaultForEveryFieldAndEveryEnum(Class<? extends SpecificRecord> type) {
    List<Schema> named = namedTypes(current(type));
    assertThat(fields(named)).allMatch(Schema.Field::hasDefaultValue);
    assertThat(named)
        .filteredOn(schema -> schema.getType() == Schema.Type.ENUM)
        .allSatisfy(
            schema -> assertThat(schema.getEnumSymbols()).contains(schema.getEnumDefault()));
  }

  @Test
  void findsEnumsAndNestedRecordsWhereverTheyAre() {
    assertThat(namedTypes(current(io.gradwatch.records.DivergenceAlarm.class)))
        .extracting(Schema::getName)
        .contains("DivergenceAlarm", "AlarmKind", "Evidence", "SuggestedAction", "ActionKind");
  }

  /** The frozen versions, oldest first; when freezing, a changed schema becomes the next one. */
  private static List<Schema> versions(Class<? extends SpecificRecord> type) throws IOException {
    String current = pretty(current(type)) + "\n";
    List<Schema> versions = new ArrayList<>();
    do {
      String newest =
          new String(
              HISTORY.read(fileName(type, versions.size() + 1), current.getBytes(UTF_8)), UTF_8);
      versions.add(new Schema.Parser().parse(newest));
    } while (HISTORY.has(fileName(type, versions.size() + 1))
        || (Frozen.FREEZE
            && !withoutText(versions.get(versions.size() - 1)).equals(withoutText(current(type)))));
    return versions;
  }

  private static String fileName(Class<? extends SpecificRecord> type, int version) {
    return type.getSimpleName() + "/v" + version + ".avsc";
  }

  /** The schema of this build without the property that asks the generator for java.lang.String. */
  private static Schema current(Class<? extends SpecificRecord> type) {
    String text = SpecificData.get().getSchema(type).toString();
    return new Schema.Parser()
        .parse(
            text.replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                .replace(",\"avro.java.string\":\"String\"", ""));
  }

  /** All that readers and writers go by: a better text is no new version. */
  private static String withoutText(Schema schema) {
    return pretty(schema).replaceAll("\\s*\"doc\" : \"(?:[^\"\\\\]|\\\\.)*\",?", "");
  }

  private static String pretty(Schema schema) {
    return SchemaFormatter.format("json/pretty", schema);
  }

  private static List<Schema> namedTypes(Schema schema) {
    List<Schema> found = new ArrayList<>();
    collect(schema, found);
    return found;
  }

  private static void collect(Schema schema, List<Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (!found.contains(schema)) {
          found.add(schema);
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM -> found.add(schema);
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, found));
      default -> {}
    }
  }

  private static List<Schema.Field> fields(List<Schema> named) {
    return named.stream()
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .flatMap(schema -> schema.getFields().stream())
        .toList();
  }
}

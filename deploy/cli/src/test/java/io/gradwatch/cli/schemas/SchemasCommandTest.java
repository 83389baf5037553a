package io.gradwatch.cli.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.CommandRun;
import io.gradwatch.schemas.KnownSchemas;
import io.gradwatch.schemas.Topics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no registry; SchemaRegistryIT has one. */
class SchemasCommandTest {
  @Test
  void everyTopicButDeadLettersHasASubjectAndEveryRecordTypeATopic() {
    List<Subject> subjects = Subject.of(new LinkedHashSet<>(List.of("vision", "speech")));
    assertThat(subjects)
        .extracting(Subject::name)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Topics.allSpecs("vision").stream(), Topics.specs("speech").stream())
                .map(spec -> spec.name())
                .filter(name -> !name.equals(Topics.DEAD_LETTERS))
                .map(name -> name + "-value")
                .toList());
    Set<String> types = new LinkedHashSet<>();
    subjects.forEach(subject -> types.add(subject.schema().getFullName()));
    assertThat(types)
        .containsExactlyInAnyOrderElementsOf(
            KnownSchemas.RECORD_TYPES.stream().map(SchemasCommandTest::nameOf).toList());
  }

  private static String nameOf(Class<? extends SpecificRecord> type) {
    return SpecificData.get().getSchema(type).getFullName();
  }

  @Test
  void isToldTheSchemasAsTheyAreThisBuilds() {
    for (Subject subject : Subject.of(Set.of("vision"))) {
      Schema told = new Schema.Parser().parse(subject.schema().toString());
      assertThat(KnownSchemas.RECORD_TYPES)
          .filteredOn(type -> nameOf(type).equals(told.getFullName()))
          .singleElement()
          .satisfies(
              type ->
                  assertThat(KnownSchemas.fingerprint(told))
                      .isEqualTo(KnownSchemas.fingerprint(SpecificData.get().getSchema(type))));
    }
  }

  @Test
  void repeatsNothingThatATerminalWouldObey() {
    SubjectLine line =
        SubjectLine.of(Subject.of(Set.of("vision")).get(0))
            .with("id", 7)
            .with("reasons", List.of("\u001b[31mred"));
    assertThat(line)
        .hasToString(
            "{\"subject\":\"gradwatch.events.v1.vision-value\",\"record\":\"TrainingEvent\",\"id\":7,"
                + "\"reasons\":[\"\uFFFD[31mred\"]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schemas",
        "schemas register",
        "schemas check",
        "schemas check --registry=http://127.0.0.1:1 --project=NO"
      })
  void refusesACommandLineThatSaysTooLittle(String words) {
    assertThat(CommandRun.of(words.split(" ")).code()).isEqualTo(2);
  }

  @Test
  void failsInOneLine() {
    CommandRun away = CommandRun.of("schemas", "register", "--registry", "http://127.0.0.1:1");
    assertThat(away.code()).isEqualTo(1);
    assertThat(away.out()).isEmpty();
    assertThat(away.err())
        .startsWith(
            "gradwatch: schema registry: the registry says nothing to POST"
                + " /subjects/gradwatch.events.v1.default-value: http://127.0.0.1:1 cannot be asked")
        .hasLineCount(1);
    CommandRun plain = CommandRun.of("schemas", "check", "--registry", "http://registry.invalid");
    assertThat(plain.code()).isEqualTo(1);
    assertThat(plain.err()).contains("must be https").hasLineCount(1);
    CommandRun open =
        CommandRun.of(
            "schemas",
            "check",
            "--registry",
            "https://registry.invalid",
            "--registry-bearer-token",
            "canary-17");
    assertThat(open.code()).isEqualTo(1);
    assertThat(open.err()).contains("${file:/PATH:NAME}").doesNotContain("canary-17");
  }

  @Test
  void describesReferencesAsTheyAreWritten() {
    assertThat(CommandRun.of("schemas", "register", "--help").out().replaceAll("\\s+", " "))
        .contains("--registry-basic-auth=USER:REFERENCE")
        .contains("${file:/PATH:NAME}")
        .contains("${env:NAME}");
  }
}

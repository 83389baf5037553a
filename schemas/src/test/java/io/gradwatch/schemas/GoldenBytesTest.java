package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every version of every record looks like in bytes, to the last one. */
class GoldenBytesTest {
  private static final Frozen GOLDEN = new Frozen("src/test/resources/golden");

  static Set<String> samples() {
    return Samples.all().keySet();
  }

  @AfterAll
  static void everyGoldenFileIsRead() throws IOException {
    GOLDEN.assertAllRead();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void areWhatThisBuildWrites(String name) throws IOException {
    SpecificRecord sample = Samples.all().get(name);
    byte[] written = codec(sample).encode(sample);
    assertThat(written).isEqualTo(GOLDEN.read(fileName(name, version(sample)), written));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void areReadAsTheirRecord(String name) throws IOException, RecordFormatException {
    SpecificRecord sample = Samples.all().get(name);
    byte[] golden = GOLDEN.read(fileName(name, version(sample)), new byte[0]);
    SpecificRecord read = codec(sample).decode(golden);
    // Not by equals: Avro's array of primitive floats holds NaN unequal to NaN.
    assertThat(read).hasToString(sample.toString()).hasSameClassAs(sample);
    assertThat(codec(sample).encode(read)).isEqualTo(golden);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void ofOlderVersionsAreStillRead(String name) throws IOException, RecordFormatException {
    SpecificRecord sample = Samples.all().get(name);
    for (int version = 1; version < version(sample); version++) {
      if (GOLDEN.has(fileName(name, version))) {
        byte[] golden = GOLDEN.read(fileName(name, version), new byte[0]);
        assertThat(codec(sample).decode(golden)).isInstanceOf(sample.getClass());
      }
    }
  }

  @Test
  void coverEveryRecordType() {
    assertThat(Samples.all().values())
        .extracting(SpecificRecord::getClass)
        .containsAll(KnownSchemas.RECORD_TYPES);
  }

  @Test
  void coverEveryBody() {
    Schema bodies = TrainingEvent.getClassSchema().getField("body").schema();
    assertThat(samples())
        .containsAll(
            bodies.getTypes().stream()
                .filter(body -> body.getType() == Schema.Type.RECORD)
                .map(body -> "TrainingEvent-" + body.getName())
                .collect(Collectors.toSet()));
  }

  private static int version(SpecificRecord sample) {
    return KnownSchemas.of(sample.getClass()).versions().size();
  }

  private static String fileName(String name, int version) {
    return name + ".v" + version + ".bin";
  }

  @SuppressWarnings("unchecked")
  private static RecordCodec<SpecificRecord> codec(SpecificRecord sample) {
    return RecordCodec.of((Class<SpecificRecord>) sample.getClass());
  }
}

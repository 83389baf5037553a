package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Policy;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordFormatException.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
  private static final TrainingEvent EVENT = Samples.event(3, Samples.stepCompleted());

  static Iterable<Map.Entry<String, SpecificRecord>> samples() {
    return Samples.all().entrySet();
  }

  @Test
  void readsBackWhatItWrote() throws RecordFormatException {
    assertThat(CODEC.decode(CODEC.encode(EVENT))).isEqualTo(EVENT);
  }

  @Test
  void writesSingleObjectEncoding() {
    byte[] value = CODEC.encode(EVENT);
    ByteBuffer header = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.get()).isEqualTo((byte) 0xC3);
    assertThat(header.get()).isEqualTo((byte) 0x01);
    assertThat(header.getLong()).isEqualTo(KnownSchemas.fingerprint(EVENT.getSchema()));
  }

  @Test
  void writesConfluentFramingWhenToldTo() throws RecordFormatException {
    InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    registry.register("\"an older one\"");
    RecordCodec<TrainingEvent> confluent =
        RecordCodec.of(TrainingEvent.class, registry, Framing.CONFLUENT);
    byte[] value = confluent.encode(EVENT, "a topic");
    assertThat(value).startsWith(0, 0, 0, 0, 2);
    assertThat(Arrays.copyOfRange(value, 5, value.length))
        .isEqualTo(Arrays.copyOfRange(CODEC.encode(EVENT), 10, value.length + 5));
    assertThat(confluent.decode(value)).isEqualTo(EVENT);
    assertThat(confluent.decode(CODEC.encode(EVENT))).isEqualTo(EVENT);
  }

  @Test
  void asksForTheIdOfATopicOnceAndOnlyForConfluentFraming() {
    List<String> asked = new ArrayList<>();
    SchemaRegistry registry =
        new SchemaRegistry() {
          @Override
          public String schema(int id) {
            throw new AssertionError("nothing is read");
          }

          @Override
          public int id(String subject, Schema schema) {
            asked.add(subject);
            assertThat(KnownSchemas.fingerprint(schema)).isEqualTo(CODEC.currentFingerprint());
            assertThat(schema.toString()).doesNotContain("avro.java.string");
            return asked.size();
          }
        };
    RecordCodec<TrainingEvent> confluent =
        RecordCodec.of(TrainingEvent.class, registry, Framing.CONFLUENT);
    assertThat(asked).isEmpty();
    confluent.prepare("gradwatch.events.v1.vision");
    assertThat(confluent.encode(EVENT, "gradwatch.events.v1.vision")).startsWith(0, 0, 0, 0, 1);
    assertThat(confluent.encode(EVENT, "gradwatch.events.v1.speech")).startsWith(0, 0, 0, 0, 2);
    assertThat(confluent.encode(EVENT, "gradwatch.events.v1.vision")).startsWith(0, 0, 0, 0, 1);
    assertThat(asked)
        .containsExactly("gradwatch.events.v1.vision-value", "gradwatch.events.v1.speech-value");
    assertThatThrownBy(() -> confluent.encode(EVENT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("for a topic");

    RecordCodec<TrainingEvent> reading = RecordCodec.reading(TrainingEvent.class, registry);
    assertThat(reading.encode(EVENT, "gradwatch.events.v1.vision")).isEqualTo(CODEC.encode(EVENT));
    assertThat(asked).hasSize(2);
  }

  @Test
  void tellsTheWriterWithoutReadingTheRecord() throws RecordFormatException {
    WriterSchema writer = CODEC.writer(CODEC.encode(EVENT));
    assertThat(writer.fingerprint()).isEqualTo(CODEC.currentFingerprint());
    assertThat(writer.headerBytes()).isEqualTo(10);
  }

  @Test
  void refusesNothing() {
    assertRefused(null, Fault.EMPTY, "the value is null");
    assertRefused(new byte[0], Fault.EMPTY, "the value has no bytes");
  }

  @Test
  void boundsRecordsBothWays() {
    byte[] most = Arrays.copyOf(CODEC.encode(EVENT), Limits.MAX_RECORD_BYTES);
    assertThat(refusal(most)).isEqualTo(Fault.TRAILING_BYTES);
    assertRefused(
        Arrays.copyOf(most, most.length + 1),
        Fault.TOO_LARGE,
        "the value has 524289 bytes, more than 524288");
    RecordCodec<Policy> policies = RecordCodec.of(Policy.class);
    int others = policies.encode(policy(100_000)).length - 100_000;
    assertThat(policies.encode(policy(Limits.MAX_RECORD_BYTES - others)))
        .hasSize(Limits.MAX_RECORD_BYTES);
    assertThatThrownBy(() -> policies.encode(policy(Limits.MAX_RECORD_BYTES - others + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Policy takes 524289 bytes, more than 524288");
  }

  @Test
  void refusesOtherFramings() {
    assertRefused(
        new byte[] {'{', '}'},
        Fault.UNKNOWN_FRAMING,
        "the first of 2 bytes is 7B, must be C3 01 and a fingerprint (single-object) or 00 and an"
            + " id (Confluent)");
    assertThat(refusal(new byte[] {(byte) 0xC3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
        .isEqualTo(Fault.UNKNOWN_FRAMING);
  }

  @Test
  void refusesFramingsThatAreCutShort() {
    assertRefused(
        new byte[] {(byte) 0xC3, 1, 0},
        Fault.TRUNCATED,
        "the value ends within its framing, after 3 bytes");
    assertThat(refusal(new byte[] {0, 0})).isEqualTo(Fault.TRUNCATED);
  }

  @Test
  void refusesWritersItDoesNotKnow() {
    byte[] value = CODEC.encode(EVENT);
    value[2]++;
    assertThat(refusal(value)).isEqualTo(Fault.UNKNOWN_SCHEMA);
    byte[] alarm =
        RecordCodec.of(DivergenceAlarm.class).encode(DivergenceAlarm.newBuilder().build());
    assertThat(refusal(alarm)).isEqualTo(Fault.UNKNOWN_SCHEMA);
    assertRefused(
        new byte[] {0, 0, 0, 0, 7, 1},
        Fault.UNKNOWN_SCHEMA,
        "schema id is 7, and no registry is configured");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void refusesRecordsThatAreCutShortOrTooLong(Map.Entry<String, SpecificRecord> sample) {
    RecordCodec<SpecificRecord> codec = codec(sample.getValue());
    byte[] value = codec.encode(sample.getValue());
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(RecordFormatException.class);
    }
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(value, value.length + 1)))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining("1 bytes follow the ");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void throwsNothingElseOnMutations(Map.Entry<String, SpecificRecord> sample) {
    RecordCodec<SpecificRecord> codec = codec(sample.getValue());
    byte[] value = codec.encode(sample.getValue());
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] mutated = value.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      try {
        codec.decode(mutated);
      } catch (RecordFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void fillsInTheDefaultsOfFieldsThatTheWriterDidNotKnow() throws RecordFormatException {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Policy", "namespace": "io.gradwatch.records",
                 "fields": [{"name": "name", "type": "string"}]}
                """);
    RecordCodec<Policy> codec =
        RecordCodec.of(Policy.class, KnownSchemas.of(Policy.class).with(older));
    byte[] value =
        ByteBuffer.allocate(13)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0xC3, 1})
            .putLong(KnownSchemas.fingerprint(older))
            .put(new byte[] {4, 'm', 'e'})
            .array();
    assertThat(codec.decode(value)).isEqualTo(Policy.newBuilder().setName("me").build());
  }

  @Test
  void keepsTheSchemasOfARegistryWithinBounds() throws RecordFormatException {
    AtomicInteger asked = new AtomicInteger();
    SchemaRegistry registry =
        new SchemaRegistry() {
          @Override
          public String schema(int id) {
            asked.incrementAndGet();
            return id < 0 ? null : id == 0 ? "no schema" : EVENT.getSchema().toString();
          }

          @Override
          public int id(String subject, Schema schema) {
            return 1;
          }
        };
    RegistryWriters writers = new RegistryWriters(registry, EVENT.getSchema());
    for (int id = 1; id <= RegistryWriters.MAX_KEPT + 10; id++) {
      writers.writer(id);
      writers.writer(1);
    }
    assertThat(writers.keptSchemas()).isEqualTo(RegistryWriters.MAX_KEPT);
    assertThat(asked.getAndSet(0)).isEqualTo(RegistryWriters.MAX_KEPT + 10);

    assertThatThrownBy(() -> writers.writer(0)).hasMessageContaining("is no Avro schema");
    assertThatThrownBy(() -> writers.writer(0)).hasMessageContaining("is no Avro schema");
    assertThat(asked.getAndSet(0)).as("an unacceptable schema is remembered").isEqualTo(1);
  }

  private static Policy policy(int noteBytes) {
    return Policy.newBuilder().setNote("x".repeat(noteBytes)).build();
  }

  private static void assertRefused(byte[] value, Fault fault, String message) {
    assertThatThrownBy(() -> CODEC.decode(value)).hasMessage(message);
    assertThat(refusal(value)).isEqualTo(fault);
  }

  private static Fault refusal(byte[] value) {
    try {
      CODEC.decode(value);
      return null;
    } catch (RecordFormatException e) {
      return e.fault();
    }
  }

  @SuppressWarnings("unchecked")
  private static RecordCodec<SpecificRecord> codec(SpecificRecord sample) {
    return RecordCodec.of((Class<SpecificRecord>) sample.getClass());
  }
}

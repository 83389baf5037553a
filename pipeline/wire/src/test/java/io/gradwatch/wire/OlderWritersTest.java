package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.InMemorySchemaRegistry;
import io.gradwatch.schemas.KnownSchemas;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.wire.UndecodableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Events of writers that know fewer fields, more fields or other types than this build. */
class OlderWritersTest {
  /** Neither rank nor grad_norm; a loss that is a float; a step that is an int. */
  private static final Schema OLDER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "TrainingEvent", "namespace": "io.gradwatch.records",
               "fields": [
                {"name": "run_id", "type": "string"},
                {"name": "step", "type": "int"},
                {"name": "body", "type": ["null",
                  {"type": "record", "name": "StepCompleted", "fields": [
                    {"name": "loss", "type": ["null", "float"]},
                    {"name": "layer_grad_norms", "type":
                      ["null", {"type": "array", "items": "float"}]}
                  ]}]}
               ]}
              """);

  /** A field and a symbol that this build does not know. */
  private static final String NEWER =
      """
      {"type": "record", "name": "TrainingEvent", "namespace": "io.gradwatch.records",
       "fields": [
        {"name": "run_id", "type": "string"},
        {"name": "step", "type": "long"},
        {"name": "region", "type": "string"},
        {"name": "body", "type": ["null",
          {"type": "record", "name": "RunEnded", "fields": [
            {"name": "outcome", "type": {"type": "enum", "name": "RunOutcome",
              "symbols": ["COMPLETED", "ABDUCTED"]}}]}
          ]}
       ]}
      """;

  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final EventDecoder decoder = new EventDecoder(registry);

  @Test
  void resolveFromTheKnownList() throws UndecodableException {
    KnownSchemas known = KnownSchemas.of(TrainingEvent.class).with(OLDER);
    EventDecoder decoder = new EventDecoder(RecordCodec.of(TrainingEvent.class, known));
    byte[] value = value(singleObjectHeader(OLDER), olderEvent());
    assertThat(Outcome.of(() -> decoder.decode("default", value))).isEqualTo(expected());
    assertThat(Outcome.of(value).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
  }

  @Test
  void resolveFromTheRegistry() {
    byte[] value = value(confluentHeader(registry.register(OLDER.toString())), olderEvent());
    assertThat(decode(value)).isEqualTo(expected());
  }

  @Test
  void areReadByHandWhenTheRegistryHasTheSchemaOfThisBuild() {
    TrainingEvent event = new RandomEvents(1).next();
    RecordCodec<TrainingEvent> confluent =
        RecordCodec.of(TrainingEvent.class, registry, Framing.CONFLUENT);
    byte[] value = confluent.encode(event, "a topic");
    assertThat(value[0]).isZero();
    assertThat(decode(value)).isEqualTo(Outcome.of(Outcome.CODEC.encode(event)));
    assertThat(decode(java.util.Arrays.copyOf(value, value.length + 1)).reason())
        .isEqualTo(Reason.TRAILING_BYTES);
  }

  @Test
  void loseWhatThisBuildDoesNotKnow() {
    Schema newer = new Schema.Parser().parse(NEWER);
    byte[] value = value(confluentHeader(registry.register(NEWER)), ended(newer));
    assertThat(decode(value).event()).contains("step=7").contains("Ended[outcome=UNKNOWN]");
  }

  @Test
  void areRefusedWithABodyThatThisBuildDoesNotKnow() {
    String unknownBody = NEWER.replace("\"RunEnded\"", "\"RunAbducted\"");
    Schema newer = new Schema.Parser().parse(unknownBody);
    byte[] value = value(confluentHeader(registry.register(unknownBody)), ended(newer));
    assertThat(decode(value).reason()).isEqualTo(Reason.UNACCEPTABLE_SCHEMA);
  }

  @Test
  void passTheSameChecks() {
    GenericRecord event = olderEvent();
    event.put("step", -1);
    byte[] value = value(confluentHeader(registry.register(OLDER.toString())), event);
    assertThat(decode(value))
        .isEqualTo(new Outcome(null, Reason.INVALID_STEP, "step is -1, must be 0 to 2^53"));
  }

  @Test
  void areRefusedWhereNumbersAreText() {
    String text = OLDER.toString().replace("[\"null\",\"float\"]", "[\"null\",\"string\"]");
    assertThat(text).isNotEqualTo(OLDER.toString());
    byte[] value = value(confluentHeader(registry.register(text)), olderEvent());
    assertThat(decode(value).reason()).isEqualTo(Reason.UNACCEPTABLE_SCHEMA);
  }

  @Test
  void missWhatTheyCallOtherwise() {
    String renamed = OLDER.toString().replace("\"run_id\"", "\"run\"");
    byte[] value = value(confluentHeader(registry.register(renamed)), olderEvent());
    assertThat(decode(value).reason()).isEqualTo(Reason.INVALID_RUN_ID);
  }

  @Test
  void areRefusedWithASchemaThatIsNotAnEvents() {
    byte[] value = value(confluentHeader(registry.register("\"string\"")), olderEvent());
    assertThat(decode(value).reason()).isEqualTo(Reason.UNACCEPTABLE_SCHEMA);
    assertThat(decode(value(confluentHeader(99), olderEvent())).reason())
        .isEqualTo(Reason.UNKNOWN_SCHEMA);
  }

  @Test
  void areNotCalledBadWhenTheRegistryCannotBeAsked() {
    SchemaRegistry unreachable =
        new SchemaRegistry() {
          @Override
          public String schema(int id) {
            throw new UncheckedIOException(new IOException("connection refused"));
          }

          @Override
          public int id(String subject, Schema schema) {
            return 1;
          }
        };
    EventDecoder decoder = new EventDecoder(unreachable);
    byte[] value = value(confluentHeader(1), olderEvent());
    assertThatThrownBy(() -> decoder.decode("default", value))
        .isInstanceOf(UncheckedIOException.class);
  }

  private Outcome decode(byte[] value) {
    return Outcome.of(() -> decoder.decode("default", value));
  }

  private static GenericRecord olderEvent() {
    Schema stepCompleted = OLDER.getField("body").schema().getTypes().get(1);
    GenericRecord body = new GenericData.Record(stepCompleted);
    body.put("loss", 2.5f);
    body.put("layer_grad_norms", List.of(1f, Float.POSITIVE_INFINITY));
    GenericRecord event = new GenericData.Record(OLDER);
    event.put("run_id", "run");
    event.put("step", 7);
    event.put("body", body);
    return event;
  }

  /** What the older event is in the terms of this build: its fields, and the others' defaults. */
  private static Outcome expected() {
    StepCompleted body =
        StepCompleted.newBuilder()
            .setLoss(2.5)
            .setLayerGradNorms(List.of(1f, Float.POSITIVE_INFINITY))
            .setMetrics(Map.of())
            .build();
    return Outcome.of(
        Outcome.CODEC.encode(
            TrainingEvent.newBuilder().setRunId("run").setStep(7).setBody(body).build()));
  }

  private static GenericRecord ended(Schema newer) {
    Schema ended = newer.getField("body").schema().getTypes().get(1);
    GenericRecord body = new GenericData.Record(ended);
    Schema outcome = ended.getField("outcome").schema();
    body.put("outcome", new GenericData.EnumSymbol(outcome, "ABDUCTED"));
    GenericRecord event = new GenericData.Record(newer);
    event.put("run_id", "run");
    event.put("step", 7L);
    event.put("region", "north");
    event.put("body", body);
    return event;
  }

  private static byte[] singleObjectHeader(Schema schema) {
    return ByteBuffer.allocate(10)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 1)
        .putLong(KnownSchemas.fingerprint(schema))
        .array();
  }

  private static byte[] confluentHeader(int id) {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
  }

  private static byte[] value(byte[] header, GenericRecord event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    try {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

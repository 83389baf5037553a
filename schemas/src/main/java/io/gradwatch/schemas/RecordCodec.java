package io.gradwatch.schemas;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordFormatException.Fault;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one record type, both ways. Reads single-object encoding of every known version, and
 * Confluent framing when it was given a registry; writes one of the two. Safe for use by several
 * threads.
 */
public final class RecordCodec<T extends SpecificRecord> {
  static {
    trustOurRecords();
  }

  private final Class<T> type;
  private final KnownSchemas known;
  private final long currentFingerprint;
  private final @Nullable SchemaRegistry registry;
  private final @Nullable RegistryWriters registryWriters;
  private final Framing framing;

  /** Ids of this build's schema by topic; a process writes to few. */
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();

  private final SpecificDatumWriter<T> datumWriter;
  private final Map<Schema, SpecificDatumReader<T>> datumReaders = new ConcurrentHashMap<>();

  private RecordCodec(
      Class<T> type, KnownSchemas known, @Nullable SchemaRegistry registry, Framing framing) {
    this.type = type;
    this.known = known;
    this.currentFingerprint = KnownSchemas.fingerprint(known.current());
    this.registry = registry;
    this.registryWriters = registry == null ? null : new RegistryWriters(registry, known.current());
    this.framing = framing;
    this.datumWriter = new SpecificDatumWriter<>(type);
  }

  /** Reads and writes single-object encoding; needs no registry. */
  public static <T extends SpecificRecord> RecordCodec<T> of(Class<T> type) {
    return of(type, KnownSchemas.of(type));
  }

  /** The same with a list of one's own. */
  public static <T extends SpecificRecord> RecordCodec<T> of(Class<T> type, KnownSchemas known) {
    return new RecordCodec<>(type, known, null, Framing.SINGLE_OBJECT);
  }

  /** Reads both framings, or without a registry the first only; writes single-object encoding. */
  public static <T extends SpecificRecord> RecordCodec<T> reading(
      Class<T> type, @Nullable SchemaRegistry registry) {
    return new RecordCodec<>(type, KnownSchemas.of(type), registry, Framing.SINGLE_OBJECT);
  }

  /**
   * Reads both framings, writes the given one. The registry is not asked yet. Who writes Confluent
   * framing says {@linkplain #encode(SpecificRecord, String) to which topic}.
   */
  public static <T extends SpecificRecord> RecordCodec<T> of(
      Class<T> type, SchemaRegistry registry, Framing written) {
    return new RecordCodec<>(type, KnownSchemas.of(type), registry, written);
  }

  /**
   * The bytes of a record: equal records give equal bytes, but for the order of their maps.
   *
   * @throws IllegalArgumentException when they are more than {@link Limits#MAX_RECORD_BYTES}
   * @throws IllegalStateException when Confluent framing is written, whose ids depend on the topic
   * @throws NullPointerException when a field that cannot be null is null
   */
  public byte[] encode(T datum) {
    if (framing == Framing.CONFLUENT) {
      throw new IllegalStateException(
          type.getSimpleName() + " is written in Confluent framing, must be encoded for a topic");
    }
    return encode(datum, currentFingerprint);
  }

  /**
   * The same for a topic. In Confluent framing the registry is asked for the id of this build's
   * schema, registered now if it was not, when the first record of the topic comes.
   *
   * @throws java.io.UncheckedIOException when the registry cannot be asked or refuses the schema
   */
  public byte[] encode(T datum, String topic) {
    return encode(datum, schemaKey(topic));
  }

  /**
   * Asks the registry what records for a topic need, so that encoding them asks nobody.
   *
   * @throws java.io.UncheckedIOException when the registry cannot be asked or refuses the schema
   */
  public void prepare(String topic) {
    var unused = schemaKey(topic);
  }

  private long schemaKey(String topic) {
    if (framing != Framing.CONFLUENT || registry == null) {
      return currentFingerprint;
    }
    Integer id = ids.get(topic);
    if (id == null) {
      id = registry.id(SchemaRegistry.subjectOf(topic), known.newest());
      ids.put(topic, id);
    }
    return id;
  }

  private byte[] encode(T datum, long schemaKey) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try {
      out.write(new byte[framing.headerBytes()]);
      Encoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      datumWriter.write(datum, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (out.size() > Limits.MAX_RECORD_BYTES) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " takes " + out.size() + " bytes, " + bound());
    }
    byte[] value = out.toByteArray();
    framing.writeHeader(value, schemaKey);
    return value;
  }

  /**
   * The record of some bytes, whatever version wrote them.
   *
   * @throws RecordFormatException when they are none
   * @throws java.io.UncheckedIOException when the registry cannot be asked
   */
  public T decode(byte @Nullable [] value) throws RecordFormatException {
    return decode(value, writer(value));
  }

  /** The record of some bytes whose {@link #writer} is known already. */
  public T decode(byte @Nullable [] value, WriterSchema writer) throws RecordFormatException {
    byte[] bytes = checkSize(value);
    int start = writer.headerBytes();
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, null);
    T datum = read(decoder, reader(writer.schema()));
    int trailing = decoder.remainingBytes();
    if (trailing != 0) {
      throw new RecordFormatException(
          Fault.TRAILING_BYTES, trailing + " bytes follow the " + type.getSimpleName());
    }
    return datum;
  }

  /**
   * The schema that wrote some bytes, told by their framing.
   *
   * @throws RecordFormatException EMPTY, TOO_LARGE, UNKNOWN_FRAMING, TRUNCATED, UNKNOWN_SCHEMA or
   *     UNACCEPTABLE_SCHEMA
   * @throws java.io.UncheckedIOException when the registry cannot be asked
   */
  public WriterSchema writer(byte @Nullable [] value) throws RecordFormatException {
    byte[] bytes = checkSize(value);
    Framing found = Framing.of(bytes);
    if (found == null) {
      throw new RecordFormatException(
          Fault.UNKNOWN_FRAMING,
          "the first of "
              + bytes.length
              + String.format(" bytes is %02X, must be C3 01 and a fingerprint", bytes[0])
              + " (single-object) or 00 and an id (Confluent)");
    }
    if (bytes.length < found.headerBytes()) {
      throw new RecordFormatException(
          Fault.TRUNCATED, "the value ends within its framing, after " + bytes.length + " bytes");
    }
    long key = found.schemaKey(bytes);
    if (found == Framing.CONFLUENT) {
      if (registryWriters == null) {
        throw new RecordFormatException(
            Fault.UNKNOWN_SCHEMA, "schema id is " + key + ", and no registry is configured");
      }
      return registryWriters.writer((int) key);
    }
    Schema schema = known.find(key);
    if (schema == null) {
      throw new RecordFormatException(
          Fault.UNKNOWN_SCHEMA,
          String.format(
              "schema fingerprint is %016x, no known version of %s", key, type.getSimpleName()));
    }
    return new WriterSchema(schema, key, found.headerBytes());
  }

  /** Fingerprint of this build's schema. */
  public long currentFingerprint() {
    return currentFingerprint;
  }

  private byte[] checkSize(byte @Nullable [] value) throws RecordFormatException {
    if (value == null || value.length == 0) {
      throw new RecordFormatException(
          Fault.EMPTY, value == null ? "the value is null" : "the value has no bytes");
    }
    if (value.length > Limits.MAX_RECORD_BYTES) {
      throw new RecordFormatException(
          Fault.TOO_LARGE, "the value has " + value.length + " bytes, " + bound());
    }
    return value;
  }

  private static String bound() {
    return "more than " + Limits.MAX_RECORD_BYTES;
  }

  private SpecificDatumReader<T> reader(Schema writer) {
    SpecificDatumReader<T> reader = datumReaders.get(writer);
    if (reader == null) {
      if (datumReaders.size() >= RegistryWriters.MAX_KEPT) {
        datumReaders.clear();
      }
      reader = new SpecificDatumReader<>(writer, known.current(), SpecificData.getForClass(type));
      datumReaders.put(writer, reader);
    }
    return reader;
  }

  /** The one place where hostile bytes meet the library; these are all the ways it refuses them. */
  private T read(BinaryDecoder decoder, SpecificDatumReader<T> reader)
      throws RecordFormatException {
    try {
      return reader.read(null, decoder);
    } catch (EOFException e) {
      throw new RecordFormatException(
          Fault.TRUNCATED, "the bytes end within the " + type.getSimpleName());
    } catch (IOException
        | AvroRuntimeException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | UnsupportedOperationException e) {
      throw new RecordFormatException(
          Fault.MALFORMED, "the bytes are no " + type.getSimpleName() + ": " + e.getMessage());
    }
  }

  /**
   * Since 1.12.2 the library makes objects of trusted classes only; ours join whatever it trusts.
   */
  private static void trustOurRecords() {
    ClassSecurityPredicate trusted = ClassSecurityValidator.getGlobal();
    if (!trusted.isTrusted(TrainingEvent.class)) {
      String ours = TrainingEvent.class.getPackageName();
      ClassSecurityValidator.setGlobal(
          ClassSecurityValidator.composite(trusted, c -> c.getPackageName().equals(ours)));
    }
  }
}

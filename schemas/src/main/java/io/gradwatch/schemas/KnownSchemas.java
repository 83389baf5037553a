package io.gradwatch.schemas;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Policy;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.Silence;
import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every schema that ever wrote one type of record: the frozen versions, oldest first, of which the
 * last is the schema of this build. Found by fingerprint, which is what single-object encoding
 * carries.
 */
public final class KnownSchemas {
  /** The record types that travel on topics. */
  public static final List<Class<? extends SpecificRecord>> RECORD_TYPES =
      List.of(
          TrainingEvent.class,
          DivergenceAlarm.class,
          ClipRecommendation.class,
          RunStatistics.class,
          Policy.class,
          FleetIncident.class,
          Silence.class,
          Acknowledgement.class,
          Judgement.class,
          Delivery.class);

  private final Schema current;
  private final List<Schema> versions;
  private final Map<Long, Schema> byFingerprint = new HashMap<>();

  private KnownSchemas(Schema current, List<Schema> versions) {
    this.current = current;
    this.versions = List.copyOf(versions);
    for (Schema version : versions) {
      byFingerprint.put(fingerprint(version), version);
    }
    byFingerprint.put(fingerprint(current), current);
  }

  /**
   * The schemas of a record type.
   *
   * @throws IllegalArgumentException when the type has no frozen history
   */
  public static KnownSchemas of(Class<? extends SpecificRecord> type) {
    List<Schema> versions = new ArrayList<>();
    for (String text = text(type, 1); text != null; text = text(type, versions.size() + 1)) {
      versions.add(new Schema.Parser().parse(text));
    }
    if (versions.isEmpty()) {
      throw new IllegalArgumentException(type.getName() + " has no frozen schema");
    }
    return new KnownSchemas(SpecificData.get().getSchema(type), versions);
  }

  /** The same list with one more schema in front, for a writer that predates the frozen history. */
  public KnownSchemas with(Schema older) {
    List<Schema> more = new ArrayList<>();
    more.add(older);
    more.addAll(versions);
    return new KnownSchemas(current, more);
  }

  /** The schema of this build. */
  public Schema current() {
    return current;
  }

  /**
   * The newest frozen version: the schema of this build as others are told it, without what only
   * Java's records need.
   */
  public Schema newest() {
    return versions.get(versions.size() - 1);
  }

  /** The frozen versions, oldest first. */
  public List<Schema> versions() {
    return versions;
  }

  /** The schema with a fingerprint, or null when it is not known. */
  public @Nullable Schema find(long fingerprint) {
    return byFingerprint.get(fingerprint);
  }

  /**
   * CRC-64-AVRO of a schema's parsing canonical form: names, types and order; no text, no default.
   */
  public static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  private static @Nullable String text(Class<?> type, int version) {
    String name = "history/" + type.getSimpleName() + "/v" + version + ".avsc";
    try (InputStream in = KnownSchemas.class.getResourceAsStream(name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

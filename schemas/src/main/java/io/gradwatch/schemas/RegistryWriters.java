package io.gradwatch.schemas;

import io.gradwatch.schemas.RecordFormatException.Fault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;

/**
 * Writer schemas of one registry, checked once and kept by id: the {@link #MAX_KEPT} that were used
 * last. An unacceptable schema is remembered as such. An id that the registry does not know, or
 * refuses to tell, is asked for again, because it may learn it, but only {@link #REFUSED_FOR}
 * later: each record would cost a request else. Of such ids the {@link #MAX_REFUSED} that were used
 * last are kept, apart, so that they drive no schema out.
 */
final class RegistryWriters {
  static final int MAX_KEPT = 256;
  static final int MAX_REFUSED = 256;

  /** So long may records be refused whose schema the registry has learned meanwhile. */
  static final Duration REFUSED_FOR = Duration.ofSeconds(10);

  private final SchemaRegistry registry;
  private final Schema reader;
  private final LongSupplier nanoTime;
  private final Map<Integer, Entry> kept = lastUsed(MAX_KEPT);
  private final Map<Integer, Refused> refused = lastUsed(MAX_REFUSED);

  RegistryWriters(SchemaRegistry registry, Schema reader) {
    this(registry, reader, System::nanoTime);
  }

  /**
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  RegistryWriters(SchemaRegistry registry, Schema reader, LongSupplier nanoTime) {
    this.registry = registry;
    this.reader = reader;
    this.nanoTime = nanoTime;
  }

  /**
   * The writer schema with an id.
   *
   * @throws RecordFormatException UNKNOWN_SCHEMA or UNACCEPTABLE_SCHEMA
   * @throws java.io.UncheckedIOException when the registry cannot be asked
   */
  WriterSchema writer(int id) throws RecordFormatException {
    Entry entry;
    Refused before;
    synchronized (kept) {
      entry = kept.get(id);
      before = entry == null ? refused.get(id) : null;
    }
    if (before != null && nanoTime.getAsLong() - before.nanos() < REFUSED_FOR.toNanos()) {
      throw before.reason();
    }
    if (entry == null) {
      entry = ask(id);
      synchronized (kept) {
        kept.put(id, entry);
        refused.remove(id);
      }
    }
    return entry.writer();
  }

  int keptSchemas() {
    synchronized (kept) {
      return kept.size();
    }
  }

  int keptRefusals() {
    synchronized (kept) {
      return refused.size();
    }
  }

  private Entry ask(int id) throws RecordFormatException {
    String text;
    try {
      text = registry.schema(id);
    } catch (SchemaRefusedException e) {
      throw refuse(id, String.valueOf(e.getMessage()));
    }
    if (text == null) {
      throw refuse(id, "schema id is " + id + ", which the registry does not know");
    }
    try {
      Schema schema = WriterSchemaCheck.parse(text, reader);
      WriterSchema writer =
          new WriterSchema(
              schema, KnownSchemas.fingerprint(schema), Framing.CONFLUENT.headerBytes());
      return () -> writer;
    } catch (RecordFormatException unacceptable) {
      return () -> {
        throw unacceptable;
      };
    }
  }

  private RecordFormatException refuse(int id, String message) {
    RecordFormatException reason = new RecordFormatException(Fault.UNKNOWN_SCHEMA, message);
    synchronized (kept) {
      refused.put(id, new Refused(reason, nanoTime.getAsLong()));
    }
    return reason;
  }

  private static <V> Map<Integer, V> lastUsed(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
        return size() > most;
      }
    };
  }

  /** A schema, or why it is none. */
  private interface Entry {
    WriterSchema writer() throws RecordFormatException;
  }

  /** Why there is no schema, and since when. */
  private record Refused(RecordFormatException reason, long nanos) {}
}

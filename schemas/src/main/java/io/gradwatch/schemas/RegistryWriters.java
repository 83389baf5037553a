package io.gradwatch.schemas;

import io.gradwatch.schemas.RecordFormatException.Fault;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Writer schemas of one registry, checked once and kept by id: the {@link #MAX_KEPT} that were used
 * last. An unacceptable schema is remembered as such; an unknown id is asked for again, because a
 * registry may learn it.
 */
final class RegistryWriters {
  static final int MAX_KEPT = 256;

  private final SchemaRegistry registry;
  private final Schema reader;
  private final Map<Integer, Entry> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Entry> eldest) {
          return size() > MAX_KEPT;
        }
      };

  RegistryWriters(SchemaRegistry registry, Schema reader) {
    this.registry = registry;
    this.reader = reader;
  }

  /**
   * The writer schema with an id.
   *
   * @throws RecordFormatException UNKNOWN_SCHEMA or UNACCEPTABLE_SCHEMA
   */
  WriterSchema writer(int id) throws RecordFormatException {
    Entry entry;
    synchronized (kept) {
      entry = kept.get(id);
    }
    if (entry == null) {
      entry = ask(id);
      synchronized (kept) {
        kept.put(id, entry);
      }
    }
    return entry.writer();
  }

  int keptSchemas() {
    synchronized (kept) {
      return kept.size();
    }
  }

  private Entry ask(int id) throws RecordFormatException {
    String text = registry.schema(id);
    if (text == null) {
      throw new RecordFormatException(
          Fault.UNKNOWN_SCHEMA, "schema id is " + id + ", which the registry does not know");
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

  /** A schema, or why it is none. */
  private interface Entry {
    WriterSchema writer() throws RecordFormatException;
  }
}

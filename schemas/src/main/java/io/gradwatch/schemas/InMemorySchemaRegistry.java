package io.gradwatch.schemas;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A registry in this JVM's memory, for tests and for a process that is its own world. */
public final class InMemorySchemaRegistry implements SchemaRegistry {
  private final List<String> texts = new ArrayList<>();

  @Override
  public synchronized @Nullable String schema(int id) {
    return id >= 1 && id <= texts.size() ? texts.get(id - 1) : null;
  }

  @Override
  public int id(String subject, Schema schema) {
    return register(schema.toString());
  }

  /** Registers any text as it stands, also one that is no schema, and returns its id. */
  public synchronized int register(String text) {
    int known = texts.indexOf(text);
    if (known >= 0) {
      return known + 1;
    }
    texts.add(text);
    return texts.size();
  }
}

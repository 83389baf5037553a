package io.gradwatch.console.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Records as maps by the names of their schema, for people to read. */
final class AvroMaps {
  /** Layers of which people are told the statistics. */
  private static final int MOST_ELEMENTS = 1_024;

  private AvroMaps() {}

  static Map<String, Object> of(IndexedRecord record) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = value(record.get(field.pos()));
      if (value != null) {
        map.put(field.name(), value);
      }
    }
    return map;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof IndexedRecord record) {
      return of(record);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      for (Object element : list.subList(0, Math.min(list.size(), MOST_ELEMENTS))) {
        Object plain = value(element);
        if (plain != null) {
          copy.add(plain);
        }
      }
      return copy;
    }
    return value instanceof Number || value instanceof Boolean || value == null
        ? value
        : value.toString();
  }
}

package io.gradwatch.backtest;

import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as one line of JSON: {@code run} first where the record has a {@code run_id}, then every
 * field of its schema under its own name, in the schema's order. The same record is the same line
 * in every place that writes one.
 */
public final class RecordLines {
  private static final String RUN_ID = "run_id";

  private RecordLines() {}

  /** The line, without its end. */
  public static String line(IndexedRecord record) {
    StringBuilder out = new StringBuilder(512);
    Schema.Field run = record.getSchema().getField(RUN_ID);
    if (run == null) {
      value(out, record);
    } else {
      out.append("{\"run\":");
      value(out, record.get(run.pos()));
      fields(out.append(','), record).append('}');
    }
    return out.toString();
  }

  private static StringBuilder fields(StringBuilder out, IndexedRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      if (field.pos() > 0) {
        out.append(',');
      }
      JsonText.string(out, field.name()).append(':');
      value(out, record.get(field.pos()));
    }
    return out;
  }

  private static void value(StringBuilder out, @Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Float number) {
      JsonText.number(out, (float) number);
    } else if (value instanceof Double number) {
      JsonText.number(out, (double) number);
    } else if (value instanceof Number number) {
      out.append(number);
    } else if (value instanceof IndexedRecord record) {
      fields(out.append('{'), record).append('}');
    } else if (value instanceof Collection<?> items) {
      String separator = "[";
      for (Object item : items) {
        value(out.append(separator), item);
        separator = ",";
      }
      out.append(items.isEmpty() ? "[]" : "]");
    } else if (value instanceof Map<?, ?> entries) {
      object(out, entries);
    } else {
      JsonText.string(out, value.toString());
    }
  }

  /** In the order of the names: a map of Avro has none of its own. */
  private static void object(StringBuilder out, Map<?, ?> entries) {
    out.append('{');
    int start = out.length();
    entries.entrySet().stream()
        .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
        .forEach(
            entry -> {
              if (out.length() > start) {
                out.append(',');
              }
              JsonText.string(out, entry.getKey().toString()).append(':');
              value(out, entry.getValue());
            });
    out.append('}');
  }
}

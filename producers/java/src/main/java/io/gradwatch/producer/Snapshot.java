package io.gradwatch.producer;

import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificRecord;

/** A record as it is now, apart from the one that its owner goes on changing. */
final class Snapshot {
  private Snapshot() {}

  /**
   * Fills a new record with the values of another of its type. Collections are shared: the caller
   * replaces those that change.
   */
  static <T extends SpecificRecord> T of(T source, T empty) {
    for (Field field : source.getSchema().getFields()) {
      empty.put(field.pos(), source.get(field.pos()));
    }
    return empty;
  }
}

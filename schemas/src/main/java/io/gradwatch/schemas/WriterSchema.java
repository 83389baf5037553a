package io.gradwatch.schemas;

import org.apache.avro.Schema;

/**
 * The schema that wrote a value.
 *
 * @param schema from the known list or a registry, never from the value
 * @param fingerprint its CRC-64-AVRO; equal fingerprints mean an equal layout of bytes
 * @param headerBytes bytes of framing before the record
 */
public record WriterSchema(Schema schema, long fingerprint, int headerBytes) {}

package io.gradwatch.jobs.records;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in an event topic, with its coordinates. Its timestamp travels as Flink's.
 *
 * @param key never changed; may be null
 * @param value never changed; may be null
 */
public record ConsumedRecord(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RecordHeader> headers) {}

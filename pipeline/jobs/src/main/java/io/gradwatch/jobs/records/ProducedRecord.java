package io.gradwatch.jobs.records;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written. Its timestamp travels as Flink's: it is that of the event that caused it,
 * never the pipeline's clock.
 *
 * @param key never changed; may be null
 * @param value never changed; may be null
 */
public record ProducedRecord(
    String topic, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {}

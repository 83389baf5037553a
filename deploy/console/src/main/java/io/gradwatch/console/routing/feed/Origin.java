package io.gradwatch.console.routing.feed;

import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.SchemaRegistry;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where records come from.
 *
 * @param client how to reach Kafka: settings of its clients
 * @param registry where ids of Confluent framing are looked up; null: records that bear it are
 *     passed over
 */
public record Origin(Map<String, Object> client, @Nullable SchemaRegistry registry) {
  <T extends SpecificRecord> RecordCodec<T> codec(Class<T> type) {
    return RecordCodec.reading(type, registry);
  }
}

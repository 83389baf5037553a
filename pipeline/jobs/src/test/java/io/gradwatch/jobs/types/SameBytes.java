package io.gradwatch.jobs.types;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.testutils.DeeplyEqualsChecker;

/**
 * Compares values that have no equality of their own by their bytes. What the bytes leave out is
 * for the tests of each type to find.
 */
final class SameBytes {
  private SameBytes() {}

  static <T> DeeplyEqualsChecker of(Class<T> type, TypeSerializer<T> serializer) {
    return new DeeplyEqualsChecker()
        .withCustomCheck(
            (one, other) -> type.isInstance(one) && type.isInstance(other),
            (one, other, nested) ->
                Arrays.equals(
                    bytes(type.cast(one), serializer), bytes(type.cast(other), serializer)));
  }

  static <T> byte[] bytes(T value, TypeSerializer<T> serializer) {
    try {
      DataOutputSerializer out = new DataOutputSerializer(64);
      serializer.serialize(value, out);
      return out.getCopyOfBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

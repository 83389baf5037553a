package io.gradwatch.jobs.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

class RunEventSerializerTest extends SerializerTestBase<RunEvent> {

  RunEventSerializerTest() {
    super(SameBytes.of(RunEvent.class, new RunEventSerializer()));
  }

  @Override
  protected TypeSerializer<RunEvent> createSerializer() {
    return new RunEventSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<RunEvent> getTypeClass() {
    return RunEvent.class;
  }

  @Override
  protected RunEvent[] getTestData() {
    return Examples.events().toArray(RunEvent[]::new);
  }

  @Test
  void examplesHaveEveryBody() {
    Set<Class<?>> bodies = new HashSet<>();
    Examples.events().forEach(event -> bodies.add(event.body().getClass()));
    assertThat(bodies).containsExactlyInAnyOrder(RunEvent.Body.class.getPermittedSubclasses());
  }

  @Test
  void keepsEveryFieldToTheLastBit() {
    for (RunEvent event : Examples.events()) {
      assertThat(roundTrip(event))
          .usingRecursiveComparison()
          .withEqualsForType(
              (one, other) -> Double.doubleToRawLongBits(one) == Double.doubleToRawLongBits(other),
              Double.class)
          .withEqualsForType(
              (one, other) -> Float.floatToRawIntBits(one) == Float.floatToRawIntBits(other),
              Float.class)
          .isEqualTo(event);
    }
  }

  @Test
  void keepsTheOrderOfMetrics() {
    RunEvent event = roundTrip(Examples.events().get(1));
    List<String> names = new ArrayList<>(((Observation) event.body()).metrics().keySet());
    assertThat(names).containsExactly("z", "a");
  }

  private static RunEvent roundTrip(RunEvent event) {
    RunEventSerializer serializer = new RunEventSerializer();
    try {
      return serializer.deserialize(new DataInputDeserializer(SameBytes.bytes(event, serializer)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

package io.gradwatch.jobs.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.junit.jupiter.api.Test;

class RunStateSerializerTest extends SerializerTestBase<RunState> {

  RunStateSerializerTest() {
    super(SameBytes.of(RunState.class, new RunStateSerializer()));
  }

  @Override
  protected TypeSerializer<RunState> createSerializer() {
    return new RunStateSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<RunState> getTypeClass() {
    return RunState.class;
  }

  @Override
  protected RunState[] getTestData() {
    return new RunState[] {new RunState(), after(1), after(700)};
  }

  @Test
  void aCopyStaysAsItWasWhenTheOriginalGoesOn() {
    RunState original = after(100);
    RunState copy = new RunStateSerializer().copy(original);
    byte[] before = copy.toBytes();
    new RunMonitor(Policy.defaults()).accept(original, step(101));
    assertThat(copy.toBytes()).isEqualTo(before).isNotEqualTo(original.toBytes());
  }

  private static RunState after(int steps) {
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    RunState state = new RunState();
    for (int step = 0; step < steps; step++) {
      monitor.accept(state, step(step));
    }
    return state;
  }

  private static RunEvent step(int step) {
    Observation observation =
        new Observation()
            .set(Scalar.LOSS, 2 + Math.sin(step))
            .set(Scalar.GRAD_NORM, Math.exp(step > 500 ? (step - 500) / 20.0 : Math.cos(step)))
            .setLayers(LayerSeries.GRAD_NORM, new float[] {1, step, (float) Math.cos(step)});
    return new RunEvent("default", "run", 0, step, step, RunEvent.WHOLE_RUN, observation);
  }
}

package io.gradwatch.jobs.types;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.fleet.FleetState;
import io.gradwatch.core.fleet.FleetWatch;
import io.gradwatch.core.fleet.Group;
import io.gradwatch.core.policy.Policy;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class FleetStateSerializerTest extends SerializerTestBase<FleetState> {

  FleetStateSerializerTest() {
    super(SameBytes.of(FleetState.class, new FleetStateSerializer()));
  }

  @Override
  protected TypeSerializer<FleetState> createSerializer() {
    return new FleetStateSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<FleetState> getTypeClass() {
    return FleetState.class;
  }

  @Override
  protected FleetState[] getTestData() {
    return new FleetState[] {new FleetState(), after(1), after(40)};
  }

  private static FleetState after(int runs) {
    FleetState state = new FleetState();
    for (int run = 0; run < runs; run++) {
      new FleetWatch()
          .accept(
              state,
              new FleetSignal(
                  What.PAGED,
                  "p",
                  "run " + run,
                  Group.of(Map.of("host", "h" + run % 3)),
                  run,
                  new Page("alarm " + run, AlarmKind.DIVERGENCE, run),
                  Policy.defaults().fleetIncident()),
              0);
    }
    state.lookAt(9);
    return state;
  }
}

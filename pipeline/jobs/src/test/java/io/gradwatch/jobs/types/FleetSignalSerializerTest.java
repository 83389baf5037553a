package io.gradwatch.jobs.types;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.fleet.Group;
import io.gradwatch.core.policy.DetectorSwitch;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.policy.Policy;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class FleetSignalSerializerTest extends SerializerTestBase<FleetSignal> {

  @Override
  protected TypeSerializer<FleetSignal> createSerializer() {
    return new FleetSignalSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<FleetSignal> getTypeClass() {
    return FleetSignal.class;
  }

  @Override
  protected FleetSignal[] getTestData() {
    return new FleetSignal[] {
      new FleetSignal(
          What.PAGED,
          "project",
          "run",
          Group.of(Map.of("host", "h", "cluster", "\u00e4")),
          -5,
          new Page("id", AlarmKind.NON_FINITE, 7),
          Policy.defaults().fleetIncident()),
      new FleetSignal(
          What.LEFT,
          "",
          "",
          List.of(Group.FLEET),
          Long.MAX_VALUE,
          Page.NONE,
          new FleetIncidentPolicy(
              new DetectorSwitch(false, Severity.INFO, Severity.CRITICAL), 5, 0.25, 77))
    };
  }
}

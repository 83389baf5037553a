package io.gradwatch.jobs.types;

import io.gradwatch.core.fleet.RunStanding;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Samples;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class RunStandingSerializerTest extends SerializerTestBase<RunStanding> {

  RunStandingSerializerTest() {
    super(SameBytes.of(RunStanding.class, new RunStandingSerializer()));
  }

  @Override
  protected TypeSerializer<RunStanding> createSerializer() {
    return new RunStandingSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<RunStanding> getTypeClass() {
    return RunStanding.class;
  }

  @Override
  protected RunStanding[] getTestData() {
    return new RunStanding[] {new RunStanding(), joined()};
  }

  private static RunStanding joined() {
    RunStanding run = new RunStanding();
    RunEvent started = Samples.decoded("p", Samples.run("r", 1, 1, Map.of("host", "h")).get(0));
    run.take(started, Policy.defaults().fleetIncident());
    return run;
  }
}

package io.gradwatch.jobs.types;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.silence.Reporting;
import io.gradwatch.core.silence.SilenceWatch;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

class ReportingSerializerTest extends SerializerTestBase<Reporting> {

  ReportingSerializerTest() {
    super(SameBytes.of(Reporting.class, new ReportingSerializer()));
  }

  @Override
  protected TypeSerializer<Reporting> createSerializer() {
    return new ReportingSerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Reporting> getTypeClass() {
    return Reporting.class;
  }

  @Override
  protected Reporting[] getTestData() {
    Reporting planned = after(30);
    planned.lookAt(1_700_000_600_000L);
    return new Reporting[] {new Reporting(), after(1), planned};
  }

  private static Reporting after(int steps) {
    Reporting run = new Reporting();
    for (int step = 0; step < steps; step++) {
      long at = 1_700_000_000_000L + 1000L * step;
      RunEvent event =
          new RunEvent(
              "default",
              "run",
              1,
              step,
              at,
              RunEvent.WHOLE_RUN,
              new Observation().set(Scalar.LOSS, 2));
      run.tell(event);
      SilenceWatch.hear(run, event, at + 7);
    }
    return run;
  }
}

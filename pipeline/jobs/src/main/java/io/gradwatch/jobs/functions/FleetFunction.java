package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.FleetState;
import io.gradwatch.core.fleet.FleetWatch;
import io.gradwatch.core.fleet.Incident;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What the monitors tell of the runs of one cluster to incidents: the clock, the timer and the
 * state around {@link FleetWatch}.
 */
public final class FleetFunction extends KeyedProcessFunction<String, FleetSignal, ProducedRecord> {
  private final WireFormat wire;
  private transient ValueState<FleetState> state;
  private transient FleetWatch watch;
  private transient RecordEncoder encoder;
  private transient Counter opened;

  /**
   * Watches.
   *
   * @param wire framing that is written
   */
  public FleetFunction(WireFormat wire) {
    this.wire = wire;
  }

  @Override
  public void open(OpenContext context) {
    AvroLimits.ensure();
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("fleet", JobTypes.FLEET));
    watch = new FleetWatch();
    encoder = wire.encoder();
    opened = getRuntimeContext().getMetricGroup().counter("incidentsOpened");
    Gauge<Long> dropped = watch::dropped;
    getRuntimeContext().getMetricGroup().gauge("fleetDropped", dropped);
  }

  @Override
  public void processElement(FleetSignal signal, Context context, Collector<ProducedRecord> out)
      throws Exception {
    @Nullable FleetState known = state.value();
    FleetState fleet = known == null ? new FleetState() : known;
    TimerService timers = context.timerService();
    publish(watch.accept(fleet, signal, timers.currentProcessingTime()), out);
    plan(fleet, timers);
  }

  @Override
  public void onTimer(long plannedAt, OnTimerContext context, Collector<ProducedRecord> out)
      throws Exception {
    @Nullable FleetState fleet = state.value();
    if (fleet == null || fleet.nextLookAt() != plannedAt) {
      return;
    }
    fleet.lookAt(0);
    TimerService timers = context.timerService();
    publish(watch.look(fleet, timers.currentProcessingTime()), out);
    plan(fleet, timers);
  }

  private void plan(FleetState fleet, TimerService timers) throws IOException {
    long next = watch.nextLook(fleet);
    if (next != fleet.nextLookAt()) {
      if (fleet.nextLookAt() != 0) {
        timers.deleteProcessingTimeTimer(fleet.nextLookAt());
      }
      if (next != 0) {
        timers.registerProcessingTimeTimer(next);
      }
      fleet.lookAt(next);
    }
    if (fleet.isEmpty()) {
      state.clear();
    } else {
      state.update(fleet);
    }
  }

  private void publish(List<Incident> incidents, Collector<ProducedRecord> out) {
    for (Incident incident : incidents) {
      if (incident.state() == AlarmState.OPEN) {
        opened.inc();
      }
      out.collect(
          new ProducedRecord(
              Topics.INCIDENTS, RecordEncoder.key(incident), encoder.encode(incident), List.of()));
    }
  }
}

package io.gradwatch.jobs.types;

import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.FleetState;
import io.gradwatch.core.fleet.RunStanding;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.silence.Reporting;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.jobs.records.ProducedRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Every type that crosses between operators or lies in state. */
public final class JobTypes {
  /** Records from event topics. */
  public static final TypeInformation<ConsumedRecord> CONSUMED =
      new OwnType<>(ConsumedRecord.class, new ConsumedRecordSerializer());

  /** Records to be written. */
  public static final TypeInformation<ProducedRecord> PRODUCED =
      new OwnType<>(ProducedRecord.class, new ProducedRecordSerializer());

  /** Decoded events. */
  public static final TypeInformation<RunEvent> EVENT =
      new OwnType<>(RunEvent.class, new RunEventSerializer());

  /** What is remembered of a run. */
  public static final TypeInformation<RunState> STATE =
      new OwnType<>(RunState.class, new RunStateSerializer());

  /** What is remembered of when a run reports. */
  public static final TypeInformation<Reporting> REPORTING =
      new OwnType<>(Reporting.class, new ReportingSerializer());

  /** What is known of one policy. */
  public static final TypeInformation<PolicyHistory> POLICY =
      new OwnType<>(PolicyHistory.class, new PolicyHistorySerializer());

  /** What a run's monitor tells the watch over the fleet. */
  public static final TypeInformation<FleetSignal> FLEET_SIGNAL =
      new OwnType<>(FleetSignal.class, new FleetSignalSerializer());

  /** What the watch over the fleet was told of a run. */
  public static final TypeInformation<RunStanding> STANDING =
      new OwnType<>(RunStanding.class, new RunStandingSerializer());

  /** What is remembered of the runs of a cluster. */
  public static final TypeInformation<FleetState> FLEET =
      new OwnType<>(FleetState.class, new FleetStateSerializer());

  private JobTypes() {}
}

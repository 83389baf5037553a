package io.gradwatch.console.routing;

import io.gradwatch.records.ActionKind;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.Severity;
import io.gradwatch.records.SuggestedAction;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;

/** Alarms for tests. */
public final class Alarms {
  static {
    RecordCodec.of(DivergenceAlarm.class); // Avro makes records of classes only that it trusts
  }

  private Alarms() {}

  /** The id of the alarm of a number: 32 hexadecimals. */
  public static String id(int number) {
    return "%032x".formatted(number);
  }

  /** Revision 0 of an alarm of a run of the project vision. */
  public static DivergenceAlarm open(int number, long emittedAt) {
    return DivergenceAlarm.newBuilder()
        .setAlarmId(id(number))
        .setProject("vision")
        .setRunId("resnet-" + number)
        .setKind(AlarmKind.EXPLODING_GRADIENT)
        .setSeverity(Severity.CRITICAL)
        .setState(AlarmState.OPEN)
        .setOnsetStep(4_310)
        .setOpenedStep(4_330)
        .setStep(4_330)
        .setEmittedAt(emittedAt)
        .setSummary("gradient norm doubles every 12 steps since step 4,310")
        .setActions(
            List.of(
                SuggestedAction.newBuilder()
                    .setAction(ActionKind.LOWER_CLIP_THRESHOLD)
                    .setValue(0.8)
                    .setText("lower the clip threshold to 0.8")
                    .build()))
        .build();
  }

  /** The next revision: over. */
  public static DivergenceAlarm resolved(DivergenceAlarm alarm, long emittedAt) {
    return DivergenceAlarm.newBuilder(alarm)
        .setRevision(alarm.getRevision() + 1)
        .setState(AlarmState.RESOLVED)
        .setResolution(Resolution.RECOVERED)
        .setStep(alarm.getStep() + 100)
        .setEmittedAt(emittedAt)
        .build();
  }

  /** The same with another severity, as the next revision when it is not the first. */
  public static DivergenceAlarm as(DivergenceAlarm alarm, Severity severity, int revision) {
    return DivergenceAlarm.newBuilder(alarm)
        .setSeverity(severity)
        .setRevision(revision)
        .setState(revision == 0 ? AlarmState.OPEN : AlarmState.UPDATED)
        .build();
  }
}

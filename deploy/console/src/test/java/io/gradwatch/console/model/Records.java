package io.gradwatch.console.model;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Matcher;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.SeriesStatistics;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Silence;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.records.Verdict;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;
import java.util.Map;

/** Records for tests, with only what a test is about. */
public final class Records {
  /** Trainer's time of step 0, milliseconds since 1970-01-01 UTC. */
  public static final long START = 1_800_000_000_000L;

  static {
    // Makes Avro trust our records, which builders with defaults need.
    RecordCodec.of(TrainingEvent.class);
  }

  private Records() {}

  /** A step, one second after the one before it. */
  public static TrainingEvent step(String run, int attempt, long step, double loss, double norm) {
    return event(
        run, attempt, step, StepCompleted.newBuilder().setLoss(loss).setGradNorm(norm).build());
  }

  /** An event of rank 0, one second after that of the step before. */
  public static TrainingEvent event(String run, int attempt, long step, Object body) {
    return new TrainingEvent(run, attempt, step, START + 1_000 * step, 0, body);
  }

  /** A run of some layers, a planned length of 10,000 steps, owner ada and tag team=vision. */
  public static RunStarted started(String... layers) {
    return RunStarted.newBuilder()
        .setOwner("ada")
        .setFramework("torch")
        .setLayerNames(List.of(layers))
        .setWorldSize(8)
        .setPlannedSteps(10_000L)
        .setTags(Map.of("team", "vision"))
        .build();
  }

  /** The end of a run. */
  public static RunEnded ended(RunOutcome outcome) {
    return new RunEnded(outcome);
  }

  /** Statistics with a newest loss and norm. */
  public static RunStatistics statistics(
      String project, String run, int attempt, long step, double loss, double norm) {
    return RunStatistics.newBuilder()
        .setProject(project)
        .setRunId(run)
        .setAttempt(attempt)
        .setStep(step)
        .setEmittedAt(START + 1_000 * step)
        .setStepsSeen(step)
        .setLoss(series(loss))
        .setGradNorm(series(norm))
        .build();
  }

  private static SeriesStatistics series(double last) {
    return SeriesStatistics.newBuilder().setCount(1).setLast(last).setGrowthRate(0.01).build();
  }

  /** Advice made at a step. */
  public static ClipRecommendation advice(String project, String run, long step, double threshold) {
    return ClipRecommendation.newBuilder()
        .setProject(project)
        .setRunId(run)
        .setMadeAtStep(step)
        .setValidUntilStep(step + 100)
        .setEmittedAt(START + 1_000 * step)
        .setClipThreshold(threshold)
        .setSummary("clip at " + threshold)
        .build();
  }

  /** An alarm that begins at a step, with one number: the steps to overflow, 100. */
  public static DivergenceAlarm alarm(
      String id, String project, String run, int revision, Severity severity, long step) {
    return DivergenceAlarm.newBuilder()
        .setAlarmId(id)
        .setRevision(revision)
        .setProject(project)
        .setRunId(run)
        .setKind(AlarmKind.EXPLODING_GRADIENT)
        .setSeverity(severity)
        .setState(revision == 0 ? AlarmState.OPEN : AlarmState.UPDATED)
        .setOnsetStep(step)
        .setOpenedStep(step + 2)
        .setStep(step + 2 + revision)
        .setEmittedAt(START + 1_000 * (step + 2 + revision))
        .setEvidence(
            List.of(new Evidence("steps_to_overflow", 100.0), new Evidence("doubling_steps", 10.0)))
        .setSummary("the norm doubles every 10 steps")
        .build();
  }

  /** The id of an alarm: 32 hexadecimal digits. */
  public static String id(long number) {
    return String.format("%032x", number);
  }

  /** Somebody looks after an alarm. */
  public static Acknowledgement acknowledgement(String alarm, boolean withdrawn) {
    return new Acknowledgement(alarm, "default", "run", START, "bob", "on it", withdrawn);
  }

  /** A judgement of an alarm that told onset 10 and opened at step 12. */
  public static Judgement judgement(
      String alarm, String run, AlarmKind kind, Severity severity, Verdict verdict) {
    return Judgement.newBuilder()
        .setAlarmId(alarm)
        .setProject("default")
        .setRunId(run)
        .setKind(kind)
        .setSeverity(severity)
        .setOnsetStep(10)
        .setOpenedStep(12)
        .setVerdict(verdict)
        .setAt(START)
        .setAuthor("bob")
        .build();
  }

  /** A silence of one condition. */
  public static Silence silence(
      String id, String label, MatchOperator operator, String value, long startsAt, long endsAt) {
    return new Silence(
        id,
        List.of(new Matcher(label, operator, value)),
        startsAt,
        endsAt,
        startsAt,
        "bob",
        "planned work");
  }

  /** An incident of no members. */
  public static FleetIncident incident(String id, int revision, AlarmState state, long openedAt) {
    return FleetIncident.newBuilder()
        .setIncidentId(id)
        .setRevision(revision)
        .setState(state)
        .setTag("team")
        .setTagValue("vision")
        .setOpenedAt(openedAt)
        .setUpdatedAt(openedAt + revision)
        .setRunsWatched(12)
        .setSummary("many")
        .build();
  }
}

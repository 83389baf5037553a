package io.gradwatch.schemas;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.ActionKind;
import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.AdviceReason;
import io.gradwatch.records.AdviceUse;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DetectorPolicy;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.ImplicatedLayer;
import io.gradwatch.records.IncidentMember;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Matcher;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.Policy;
import io.gradwatch.records.PolicyScope;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.SeriesStatistics;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Silence;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.SuggestedAction;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.records.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * One record of every type and every body, with what is hard to carry: NaN, infinities, the
 * smallest and largest numbers, nulls, empty and full collections, text beyond ASCII.
 */
final class Samples {
  private Samples() {}

  /** The samples by the name of their golden file. */
  static Map<String, SpecificRecord> all() {
    Map<String, SpecificRecord> samples = new LinkedHashMap<>();
    samples.put("TrainingEvent-RunStarted", event(null, started()));
    samples.put("TrainingEvent-StepCompleted", event(3, stepCompleted()));
    samples.put("TrainingEvent-StepCompleted-empty", event(0, StepCompleted.newBuilder().build()));
    samples.put(
        "TrainingEvent-EvaluationCompleted",
        event(null, new EvaluationCompleted(0.75, Map.of("accuracy", 0.5))));
    samples.put(
        "TrainingEvent-CheckpointSaved", event(null, new CheckpointSaved("s3://bucket/c", 40L)));
    samples.put("TrainingEvent-AdviceApplied", event(null, new AdviceApplied(1.5, null, 41L)));
    samples.put("TrainingEvent-RunEnded", event(null, new RunEnded(RunOutcome.PREEMPTED)));
    samples.put("TrainingEvent-Heartbeat", event(1_048_575, new Heartbeat()));
    samples.put("DivergenceAlarm", alarm());
    samples.put("ClipRecommendation", recommendation());
    samples.put("RunStatistics", statistics());
    samples.put("Policy", policy());
    samples.put("FleetIncident", incident());
    samples.put("Silence", silence());
    samples.put("Acknowledgement", acknowledgement());
    samples.put("Judgement", judgement());
    samples.put("Delivery", delivery());
    return samples;
  }

  static TrainingEvent event(Integer rank, Object body) {
    return new TrainingEvent("run-é", 2, 1L << 53, 1_800_000_000_000L, rank, body);
  }

  static StepCompleted stepCompleted() {
    return new StepCompleted(
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.MIN_VALUE,
        1.0,
        65536.0,
        true,
        3.0,
        Double.MAX_VALUE,
        Double.NEGATIVE_INFINITY,
        List.of(0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.POSITIVE_INFINITY),
        List.of(),
        null,
        List.of(1f),
        new Log2Histogram(-24, List.of(0L, 1L, Long.MAX_VALUE), 7L, 0L),
        Map.of("router load", Double.NaN));
  }

  private static RunStarted started() {
    return new RunStarted(
        "ada",
        "pytorch 2.4",
        List.of("embed", "层.0", ""),
        8,
        100_000L,
        ClipMode.GLOBAL_NORM,
        1.0,
        NormStage.POST_CLIP,
        true,
        Map.of("host", "gpu-7"));
  }

  private static DivergenceAlarm alarm() {
    return new DivergenceAlarm(
        "0123456789abcdef0123456789abcdef",
        1,
        "default",
        "run",
        0,
        AlarmKind.EXPLODING_GRADIENT,
        Severity.CRITICAL,
        AlarmState.UPDATED,
        Resolution.NONE,
        90L,
        100L,
        110L,
        1_800_000_000_000L,
        List.of(AlarmKind.NON_FINITE),
        List.of(new Evidence("loss", Double.NaN), new Evidence("doubling_steps", 12.5)),
        List.of(new ImplicatedLayer("fc", 3, 88L, 0.0625)),
        80L,
        "s3://bucket/c",
        List.of(
            new SuggestedAction(ActionKind.ROLL_BACK, 80.0, "go back"),
            new SuggestedAction(ActionKind.WAIT, null, "")),
        "The gradient norm doubles every 12.5 steps.");
  }

  private static ClipRecommendation recommendation() {
    return new ClipRecommendation(
        "default",
        "run",
        0,
        100L,
        150L,
        1_800_000_000_000L,
        1.25,
        List.of(0.5f, Float.NaN),
        null,
        0.5,
        80L,
        0.75,
        0.125,
        0.25,
        8.0,
        true,
        AdviceReason.DISTURBANCE,
        "Hold the threshold.");
  }

  private static RunStatistics statistics() {
    SeriesStatistics some =
        new SeriesStatistics(50L, 2.0, 2.5, 0.25, 1.5, 4.0, 1.75, 2.25, 3.0, 3.75, -0.001);
    SeriesStatistics none =
        new SeriesStatistics(
            0L,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN);
    return new RunStatistics(
        "default",
        "run",
        0,
        50L,
        1_800_000_000_000L,
        50L,
        1L,
        2L,
        3L,
        1,
        Severity.WARNING,
        some,
        none,
        List.of(1f, Float.NaN),
        List.of(),
        2.5,
        1.25,
        AdviceUse.BOUNDED,
        40L,
        4L,
        5L,
        0.1,
        1.5,
        0.25,
        Double.NaN);
  }

  private static Policy policy() {
    return new Policy(
        PolicyScope.RUN,
        "default/run",
        1_800_000_000_000L,
        "ada",
        "quieter",
        1e6,
        Map.of("DIVERGENCE", new DetectorPolicy(false, Severity.WARNING, Map.of("jump", 3.0))),
        Map.of("ceiling", 10.0),
        "zclip");
  }

  private static FleetIncident incident() {
    return new FleetIncident(
        "fedcba9876543210fedcba9876543210",
        0,
        AlarmState.OPEN,
        Severity.CRITICAL,
        "host",
        "gpu-7",
        1_800_000_000_000L,
        1_800_000_000_001L,
        List.of(
            new IncidentMember(
                "default", "run", "0123", AlarmKind.NON_FINITE, 100L, 1_800_000_000_000L)),
        12,
        "All runs on gpu-7 alarm.");
  }

  private static Silence silence() {
    return new Silence(
        "00112233445566778899aabbccddeeff",
        List.of(
            new Matcher("project", MatchOperator.EQUAL, "vision"),
            new Matcher("tag:host", MatchOperator.MATCHES, "gpu-[0-9]+")),
        1_800_000_000_000L,
        1_800_003_600_000L,
        1_800_000_000_001L,
        "ada",
        "maintenance, überall");
  }

  private static Acknowledgement acknowledgement() {
    return new Acknowledgement(
        "0123456789abcdef0123456789abcdef",
        "vision",
        "run",
        1_800_000_000_000L,
        "ada",
        "rolling back",
        false);
  }

  private static Judgement judgement() {
    return new Judgement(
        "0123456789abcdef0123456789abcdef",
        "vision",
        "run",
        1,
        AlarmKind.DIVERGENCE,
        Severity.CRITICAL,
        120L,
        130L,
        Verdict.TOO_LATE,
        90L,
        140L,
        1_800_000_000_000L,
        "ada",
        "the norm grew since 90",
        false);
  }

  private static Delivery delivery() {
    return new Delivery(
        "on-call",
        "0123456789abcdef0123456789abcdef",
        3,
        Severity.CRITICAL,
        AlarmState.UPDATED,
        1,
        1_800_000_000_000L,
        "1503435956.000247");
  }
}

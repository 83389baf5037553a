package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.AdviceReason;
import io.gradwatch.core.clip.AdviceUse;
import io.gradwatch.core.clip.ClipStatistics;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.Group;
import io.gradwatch.core.fleet.Incident;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.stats.SeriesStatistics;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.schemas.InMemorySchemaRegistry;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordMapperTest {
  private static final double OTHER_NAN = Double.longBitsToDouble(0xFFF8_0000_0000_0001L);

  @Test
  void carriesEveryPartOfAnAlarm() {
    DivergenceAlarm record = RecordMapper.toRecord(alarm());
    assertThat(record.toString())
        .isEqualTo(
            """
            {"alarm_id": "0123", "revision": 2, "project": "default", "run_id": "run", \
            "attempt": 1, "kind": "DIVERGENCE", "severity": "CRITICAL", "state": "RESOLVED", \
            "resolution": "REWOUND", "onset_step": 10, "opened_step": 11, "step": 12, \
            "emitted_at": 13, "joined_kinds": ["NON_FINITE", "EXPLODING_GRADIENT"], \
            "evidence": [{"name": "loss", "value": "NaN"}], \
            "layers": [{"name": "fc", "index": 3, "onset_step": 9, "growth_rate": 0.5}], \
            "checkpoint_step": 8, "checkpoint_uri": "s3://c", \
            "actions": [{"action": "LOWER_CLIP_THRESHOLD", "value": 1.5, "text": "lower it"}, \
            {"action": "CHECK_DATA", "value": null, "text": "look"}], "summary": "all is lost"}\
            """);
  }

  @Test
  void leavesOutACheckpointThatNobodyAnnounced() {
    Alarm some = alarm();
    Alarm none =
        new Alarm(
            some.id(),
            some.revision(),
            some.project(),
            some.runId(),
            some.attempt(),
            some.kind(),
            some.severity(),
            some.state(),
            some.resolution(),
            some.onsetStep(),
            some.openedStep(),
            some.step(),
            some.emittedAt(),
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(),
            some.summary());
    DivergenceAlarm record = RecordMapper.toRecord(none);
    assertThat(record.getCheckpointStep()).isNull();
    assertThat(record.getCheckpointUri()).isNull();
  }

  @Test
  void carriesEveryPartOfARecommendation() {
    Recommendation advice =
        new Recommendation(
            "default",
            "run",
            1,
            20,
            70,
            13,
            2.5,
            new float[] {1, -0.0f},
            3.5,
            0.5,
            8,
            1.25,
            0.25,
            0.5,
            10,
            true,
            AdviceReason.DISTURBANCE,
            "hold");
    assertThat(RecordMapper.toRecord(advice).toString())
        .isEqualTo(
            """
            {"project": "default", "run_id": "run", "attempt": 1, "made_at_step": 20, \
            "valid_until_step": 70, "emitted_at": 13, "clip_threshold": 2.5, \
            "layer_clip_thresholds": [1.0, 0.0], "clip_value": 3.5, "learning_rate_factor": 0.5, \
            "rollback_step": 8, "centre": 1.25, "spread": 0.25, "floor": 0.5, "ceiling": 10.0, \
            "frozen": true, "reason": "DISTURBANCE", "summary": "hold"}\
            """);
  }

  @Test
  void saysNullWhereTheCoreSaysNone() {
    ClipRecommendation record = RecordMapper.toRecord(noAdvice(Double.NaN));
    assertThat(record.getClipThreshold()).isNull();
    assertThat(record.getLayerClipThresholds()).isNull();
    assertThat(record.getClipValue()).isNull();
    assertThat(record.getLearningRateFactor()).isNull();
    assertThat(record.getRollbackStep()).isNull();
    assertThat(record.getCentre()).isNaN();
  }

  @Test
  void carriesEveryPartOfStatistics() {
    RunStatistics statistics =
        new RunStatistics(
            "default",
            "run",
            1,
            50,
            13,
            51,
            2,
            3,
            4,
            1,
            Severity.WARNING,
            new SeriesStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            new SeriesStatistics(
                0,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN),
            new float[] {1, Float.NaN},
            new float[] {0.5f},
            new ClipStatistics(
                2.5,
                Double.NaN,
                AdviceUse.IGNORED,
                new ClipStatistics.Effect(40, 4, 5, 0.125, 1.5),
                new ClipStatistics.Effect(0, 0, 0, Double.NaN, OTHER_NAN)));
    assertThat(RecordMapper.toRecord(statistics).toString())
        .isEqualTo(
            """
            {"project": "default", "run_id": "run", "attempt": 1, "step": 50, "emitted_at": 13, \
            "steps_seen": 51, "steps_skipped": 2, "steps_nonfinite": 3, "steps_clipped": 4, \
            "open_alarms": 1, "highest_severity": "WARNING", \
            "loss": {"count": 1, "last": 2.0, "mean": 3.0, "spread": 4.0, "minimum": 5.0, \
            "maximum": 6.0, "p10": 7.0, "p50": 8.0, "p90": 9.0, "p99": 10.0, \
            "growth_rate": 11.0}, \
            "grad_norm": {"count": 0, "last": "NaN", "mean": "NaN", "spread": "NaN", \
            "minimum": "NaN", "maximum": "NaN", "p10": "NaN", "p50": "NaN", "p90": "NaN", \
            "p99": "NaN", "growth_rate": "NaN"}, \
            "layer_grad_norm_means": [1.0, "NaN"], "layer_growth_rates": [0.5], \
            "advised_clip_threshold": 2.5, "applied_clip_threshold": null, \
            "advice_use": "IGNORED", "steps_advised": 40, "steps_advised_clipped": 4, \
            "steps_advised_nonfinite": 5, "advised_clip_share": 0.125, \
            "advised_clip_factor": 1.5, "applied_clip_share": "NaN", \
            "applied_clip_factor": "NaN"}\
            """);
  }

  @Test
  void carriesEveryPartOfAnIncident() {
    Incident incident =
        new Incident(
            "0123",
            4,
            AlarmState.UPDATED,
            Severity.CRITICAL,
            new Group("host", "gpu-7"),
            5,
            6,
            List.of(
                new Incident.Member(
                    "default", "run", new Page("4567", AlarmKind.NON_FINITE, 7), 8)),
            9,
            "look at the host");
    assertThat(RecordMapper.toRecord(incident).toString())
        .isEqualTo(
            """
            {"incident_id": "0123", "revision": 4, "state": "UPDATED", "severity": "CRITICAL", \
            "tag": "host", "tag_value": "gpu-7", "opened_at": 5, "updated_at": 6, "members": [\
            {"project": "default", "run_id": "run", "alarm_id": "4567", "kind": "NON_FINITE", \
            "step": 7, "emitted_at": 8}], "runs_watched": 9, "summary": "look at the host"}\
            """);
    assertThat(RecordEncoder.key(incident)).asString().isEqualTo("0123");
  }

  @Test
  void theLargestIncidentFitsIntoARecord() throws RecordFormatException {
    List<Incident.Member> members =
        IntStream.range(0, Incident.MAX_MEMBERS)
            .mapToObj(
                i ->
                    new Incident.Member(
                        "p".repeat(64),
                        "r".repeat(Limits.MAX_NAME_BYTES),
                        new Page(
                            "0".repeat(32), AlarmKind.PERSISTENT_LARGE_GRADIENT, Limits.MAX_STEP),
                        Long.MAX_VALUE))
            .toList();
    Incident incident =
        new Incident(
            "0".repeat(32),
            Integer.MAX_VALUE,
            AlarmState.RESOLVED,
            Severity.CRITICAL,
            new Group("data_shard", "\u20ac".repeat(256)),
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            members,
            Integer.MAX_VALUE,
            "s".repeat(1_000));
    byte[] bytes = new RecordEncoder().encode(incident);
    assertThat(RecordCodec.of(FleetIncident.class).decode(bytes).getMembers())
        .hasSize(Incident.MAX_MEMBERS);
  }

  @Test
  void givesTheSameBytesForTheSameFinding() {
    assertThat(new RecordEncoder().encode(alarm())).isEqualTo(new RecordEncoder().encode(alarm()));
    assertThat(new RecordEncoder().encode(noAdvice(Double.NaN)))
        .isEqualTo(new RecordEncoder().encode(noAdvice(OTHER_NAN)));
  }

  @Test
  void writesWhatTheCodecReadsInEitherFraming() throws RecordFormatException {
    DivergenceAlarm record = RecordMapper.toRecord(alarm());
    byte[] singleObject = new RecordEncoder().encode(alarm());
    assertThat(singleObject).startsWith(0xC3, 0x01);
    assertThat(RecordCodec.of(DivergenceAlarm.class).decode(singleObject)).isEqualTo(record);

    InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    byte[] confluent = new RecordEncoder(registry).encode(alarm());
    assertThat(confluent).startsWith(0, 0, 0, 0, 1);
    assertThat(
            RecordCodec.of(
                    DivergenceAlarm.class, registry, io.gradwatch.schemas.Framing.SINGLE_OBJECT)
                .decode(confluent))
        .isEqualTo(record);
  }

  @Test
  void keysRecordsByTheRunId() {
    assertThat(RecordEncoder.key("é")).containsExactly(0xC3, 0xA9);
  }

  private static Recommendation noAdvice(double nan) {
    return new Recommendation(
        "default",
        "run",
        0,
        0,
        0,
        0,
        nan,
        new float[0],
        nan,
        nan,
        -1,
        nan,
        nan,
        nan,
        nan,
        false,
        AdviceReason.COLD_START,
        "");
  }

  private static Alarm alarm() {
    return new Alarm(
        "0123",
        2,
        "default",
        "run",
        1,
        AlarmKind.DIVERGENCE,
        Severity.CRITICAL,
        AlarmState.RESOLVED,
        Resolution.REWOUND,
        10,
        11,
        12,
        13,
        List.of(AlarmKind.NON_FINITE, AlarmKind.EXPLODING_GRADIENT),
        List.of(new Alarm.Evidence("loss", OTHER_NAN)),
        List.of(new Alarm.ImplicatedLayer("fc", 3, 9, 0.5)),
        new Alarm.Checkpoint(8, "s3://c"),
        List.of(
            new Alarm.SuggestedAction(ActionKind.LOWER_CLIP_THRESHOLD, 1.5, "lower it"),
            new Alarm.SuggestedAction(ActionKind.CHECK_DATA, Double.NaN, "look")),
        "all is lost");
  }
}
